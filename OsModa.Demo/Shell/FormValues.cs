using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OsModa.Core.Configuration;

namespace OsModa.Demo.Shell;

/// <summary>What options come to once the form's settings are added to what is written by hand, as the module system would have it.</summary>
internal static class FormValues
{
    /// <param name="set">What is set by hand, as options.sh tells it.</param>
    /// <param name="schema">All options, as it tells them.</param>
    /// <param name="folder">Of the server.</param>
    /// <param name="files">Of the commit.</param>
    /// <returns>Values of both. A setting within an option, and one that is no plain data, is left out: nothing here could evaluate it.</returns>
    public static string Onto(string set, string schema, string folder, ImmutableSortedDictionary<string, byte[]> files)
    {
        if (!files.TryGetValue($"{folder}/{SettingsFiles.Name}", out var json) || JsonNode.Parse(json)?["settings"] is not JsonArray settings)
        {
            return set;
        }

        using var options = JsonDocument.Parse(schema);
        var known = options.RootElement.EnumerateArray().Select(static option => option.GetProperty("loc").GetRawText()).ToHashSet(StringComparer.Ordinal);
        var values = JsonNode.Parse(set)!.AsArray();
        foreach (var setting in settings.OfType<JsonObject>())
        {
            var place = setting["path"]!.ToJsonString();
            var value = setting["value"];
            if (known.Contains(place) && value?.ToJsonString().Contains('$', StringComparison.Ordinal) != true)
            {
                Add(values, place, value, (int?)setting["priority"] ?? Setting.Plain);
            }
        }

        return values.ToJsonString();
    }

    private static void Add(JsonArray values, string place, JsonNode? value, int priority)
    {
        var byHand = values.OfType<JsonObject>().FirstOrDefault(one => one["loc"]!.ToJsonString() == place);
        if (byHand is not null && (int)byHand["priority"]! < priority)
        {
            return;
        }

        var from = new JsonArray($"/etc/nixos/{SettingsFiles.Name}");
        var comes = value?.DeepClone();
        // Lists of the same strength are one list.
        if (byHand is not null && (int)byHand["priority"]! == priority && byHand["value"] is JsonArray before && comes is JsonArray more)
        {
            from.Add("/etc/nixos/configuration.nix");
            comes = new JsonArray([.. before.Concat(more).Select(static element => element?.DeepClone())]);
        }

        if (byHand is not null)
        {
            values.Remove(byHand);
        }

        values.Add(new JsonObject { ["files"] = from, ["loc"] = JsonNode.Parse(place), ["priority"] = priority, ["value"] = comes });
    }
}
