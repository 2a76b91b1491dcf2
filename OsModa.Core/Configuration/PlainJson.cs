using System.Globalization;
using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>Values as JSON that Nix wrote: plain data, and objects that say with <c>$other</c> what is none.</summary>
internal static class PlainJson
{
    private const string Other = "$other";

    public static NixValue Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => new NixBool(json.GetBoolean()),
        JsonValueKind.Number => Number(json),
        JsonValueKind.String => new NixText(json.GetString()!),
        JsonValueKind.Array => new NixList([.. json.EnumerateArray().Select(Read)]),
        JsonValueKind.Object => Set(json),
        _ => NixNull.Value,
    };

    /// <summary>Whole where it is written so and fits; Nix writes floats without a fraction as whole numbers up to some releases.</summary>
    internal static NixValue Number(JsonElement json)
    {
        var raw = json.GetRawText();
        return raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0 && long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? new NixInteger(whole)
            : json.TryGetDouble(out var real) && double.IsFinite(real) ? new NixFloat(real) : new NixOther("number");
    }

    private static NixValue Set(JsonElement json)
    {
        if (json.TryGetProperty(Other, out var what))
        {
            return new NixOther(
                what.ValueKind == JsonValueKind.String ? what.GetString()! : "value",
                json.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null);
        }

        // A name that begins with $ has one more, so that it is not taken for a mark of ours.
        return NixSet.Of(json.EnumerateObject()
            .Select(member => KeyValuePair.Create(member.Name.StartsWith("$$", StringComparison.Ordinal) ? member.Name[1..] : member.Name, Read(member.Value)))
            .DistinctBy(member => member.Key, StringComparer.Ordinal));
    }
}
