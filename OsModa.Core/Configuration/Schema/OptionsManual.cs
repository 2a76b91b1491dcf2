using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>
/// Options out of <c>options.json</c>, what the NixOS manual is made of: the way where nothing can be evaluated. Types are English there
/// (nixpkgs, nixos/lib/make-options-doc), so bounds and choices are known only as far as the words tell.
/// </summary>
public static class OptionsManual
{
    /// <exception cref="FormatException">It is no such file.</exception>
    public static IEnumerable<Option> Read(ReadOnlyMemory<byte> json)
    {
        using var document = OptionsJson.Parse(json, JsonValueKind.Object);
        var count = 0;
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (++count > OptionsJson.MostOptions)
            {
                throw new FormatException($"The manual has more than {OptionsJson.MostOptions:N0} options.");
            }

            if (ReadOne(member.Value) is { } option)
            {
                yield return option;
            }
        }
    }

    private static Option? ReadOne(JsonElement json)
    {
        try
        {
            if (json.ValueKind != JsonValueKind.Object || OptionJson.PathOf(json) is not { } path)
            {
                return null;
            }

            var words = OptionJson.Words(json, "type", 4_000) ?? "";
            return new Option
            {
                Path = path,
                Type = EnglishType.Read(words),
                TypeWords = words,
                About = OptionJson.Words(json, "description", 16_384)
                    ?? (json.TryGetProperty("description", out var marked) && marked.ValueKind == JsonValueKind.Object ? OptionJson.Words(marked, "text", 16_384) : null),
                Default = Sample(json, "default"),
                Example = Sample(json, "example"),
                Declared = json.TryGetProperty("declarations", out var files) ? OptionJson.Files(files) : [],
                ReadOnly = json.TryGetProperty("readOnly", out var only) && only.ValueKind == JsonValueKind.True,
            };
        }
        catch (InvalidOperationException)
        {
            return null;    // half a character in a text
        }
    }

    private static OptionSample? Sample(JsonElement json, string name) =>
        json.TryGetProperty(name, out var sample) && sample.ValueKind == JsonValueKind.Object && OptionJson.Words(sample, "text", 16_384) is { } text ? new OptionSample(null, text) : null;
}
