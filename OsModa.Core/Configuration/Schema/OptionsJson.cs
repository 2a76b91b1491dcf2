using System.Text;
using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>Reads a list of options, one evaluation's worth.</summary>
public static class OptionsJson
{
    /// <summary>More options than ten NixOS releases have.</summary>
    public const int MostOptions = 200_000;

    /// <summary>Bytes of one schema: five times what 20,000 options take.</summary>
    public const int MostBytes = 96 * 1024 * 1024;

    // 12 levels of types with two of JSON each, values of 8, and what is around them.
    private static readonly JsonDocumentOptions Shape = new() { MaxDepth = 64 };

    /// <summary>Options as schema.nix tells of them. Those that make no sense are left out.</summary>
    /// <exception cref="FormatException">It is no list, or larger than any schema.</exception>
    public static IEnumerable<Option> Read(ReadOnlyMemory<byte> json) => Each(json, OptionJson.Read);

    /// <summary>What has a value, as schema.nix tells of it.</summary>
    /// <exception cref="FormatException">It is no list, or larger than any schema.</exception>
    internal static IEnumerable<ValueHere> ReadSet(ReadOnlyMemory<byte> json) => Each(json, ValueHere.Read);

    /// <summary>What counts for nothing, as schema.nix tells of it.</summary>
    /// <exception cref="FormatException">As above.</exception>
    internal static IEnumerable<LostDefinition> ReadLost(ReadOnlyMemory<byte> json) => Each(json, LostDefinition.Read);

    private static IEnumerable<T> Each<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T?> read)
        where T : class
    {
        using var document = Parse(json);
        var count = 0;
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            if (++count > MostOptions)
            {
                throw new FormatException($"The schema has more than {MostOptions:N0} options.");
            }

            if (Whole(entry, read) is { } option)
            {
                yield return option;
            }
        }
    }

    private static T? Whole<T>(JsonElement entry, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            return read(entry);
        }
        catch (InvalidOperationException)
        {
            // An escape stands for half a character: one bad text must not spoil the others.
            return null;
        }
    }

    internal static JsonDocument Parse(ReadOnlyMemory<byte> json, JsonValueKind kind = JsonValueKind.Array)
    {
        if (json.Length > MostBytes)
        {
            throw new FormatException($"The schema is larger than {MostBytes / 1024 / 1024} MiB.");
        }

        try
        {
            // Through text, so that bytes which are no UTF-8 become U+FFFD and spoil nothing else.
            var document = JsonDocument.Parse(Encoding.UTF8.GetString(json.Span).AsMemory(), Shape);
            if (document.RootElement.ValueKind == kind)
            {
                return document;
            }

            document.Dispose();
            throw new FormatException("The schema is JSON of another shape than expected.");
        }
        catch (JsonException broken)
        {
            throw new FormatException("The schema is not JSON, or is nested too deeply.", broken);
        }
    }
}
