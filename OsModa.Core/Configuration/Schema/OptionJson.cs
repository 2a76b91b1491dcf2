using System.Collections.Immutable;
using System.Text.Json;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Configuration;

/// <summary>Reads one option as schema.nix tells it. What a server says is hostile: every text is cut and made harmless, what makes no sense is left out.</summary>
internal static class OptionJson
{
    private const int LongestText = 16_384, LongestFile = 1_024, MostFiles = 16;

    /// <summary>The option, or null when it has no name that could be one.</summary>
    public static Option? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || PathOf(json) is not { } path || !json.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return new Option
        {
            Path = path,
            Type = Says(json, "untold") ? Untold(OptionTypeJson.Read(type)) : OptionTypeJson.Read(type),
            TypeWords = Words(type, "says", 1_000) ?? "",
            About = Words(json, "about", LongestText),
            Default = Sample(json, "default"),
            Example = Sample(json, "example"),
            Declared = Places(json),
            ReadOnly = Says(json, "readOnly"),
            Hidden = Says(json, "internal") || Says(json, "hidden"),
        };
    }

    // Of sub-modules whose options are not told, members may have any name.
    private static OptionType Untold(OptionType type) => type switch
    {
        SubmoduleType { Freeform: null } module => module with { Freeform = new AnyType() },
        NullableType(var element) => new NullableType(Untold(element)),
        ListType list => list with { Element = Untold(list.Element) },
        AttributesType set => set with { Element = Untold(set.Element) },
        EitherType(var choices) => new EitherType([.. choices.Select(Untold)]),
        CoercedType(var from, var to) => new CoercedType(from is null ? null : Untold(from), Untold(to)),
        _ => type,
    };

    internal static OptionPath? PathOf(JsonElement json) =>
        json.TryGetProperty("loc", out var loc) && loc.ValueKind == JsonValueKind.Array && loc.GetArrayLength() <= OptionPath.MostParts
        && loc.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String)
        && OptionPath.TryFrom(loc.EnumerateArray().Select(part => part.GetString()!), out var path, out _)
            ? path
            : null;

    /// <summary>A text of several lines, each harmless.</summary>
    internal static string Lines(string text, int most) => string.Join('\n', (text.Length > most ? text[..most] : text).Split('\n').Select(line => ServerText.Harmless(line, most)));

    internal static string? Words(JsonElement json, string name, int most) =>
        json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? Lines(text.GetString()!, most) : null;

    internal static ImmutableArray<SourcePlace> Files(JsonElement files) => files.ValueKind == JsonValueKind.Array
        ? [.. files.EnumerateArray().Where(file => file.ValueKind == JsonValueKind.String).Select(file => ServerText.Harmless(file.GetString()!, LongestFile)).Where(file => file.Length > 0 && file != "<unknown-file>").Distinct(StringComparer.Ordinal).Take(MostFiles).Select(file => new SourcePlace(file, null))]
        : [];

    private static OptionSample? Sample(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var sample) || sample.ValueKind != JsonValueKind.Object ? null
        : Words(sample, "text", LongestText) is { } text ? new OptionSample(null, text)
        : sample.TryGetProperty("value", out var value) ? new OptionSample(PlainJson.Read(value), null)
        : null;

    private static ImmutableArray<SourcePlace> Places(JsonElement json)
    {
        if (!json.TryGetProperty("at", out var at) || at.ValueKind != JsonValueKind.Array)
        {
            return json.TryGetProperty("declared", out var files) ? Files(files) : [];
        }

        return [.. at.EnumerateArray().Take(MostFiles).Select(Place).OfType<SourcePlace>()];
    }

    private static SourcePlace? Place(JsonElement place) =>
        place.ValueKind == JsonValueKind.Object && Words(place, "file", LongestFile) is { Length: > 0 } file
            ? new SourcePlace(file, place.TryGetProperty("line", out var line) && line.ValueKind == JsonValueKind.Number && line.TryGetInt32(out var number) && number > 0 ? number : null)
            : null;

    private static bool Says(JsonElement json, string name) => json.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}
