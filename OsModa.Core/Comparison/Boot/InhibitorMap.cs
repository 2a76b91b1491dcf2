using System.Collections.Immutable;
using System.Text.Json;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Comparison;

/// <summary>The file <c>switch-inhibitors</c> of a system: names of critical parts with what they are (nixpkgs, switchable-system).</summary>
public static class InhibitorMap
{
    /// <summary>Names that both systems have with different values; none where a file is missing or unreadable.</summary>
    public static ImmutableArray<string> Differing(string? old, string? @new)
    {
        var (before, after) = (Read(old), Read(@new));
        return [.. before.Where(one => after.TryGetValue(one.Key, out var value) && value != one.Value).Select(one => one.Key).Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, string> Read(string? json)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json ?? "{}", new JsonDocumentOptions { MaxDepth = 8 });
            foreach (var property in document.RootElement.EnumerateObject())
            {
                found[ServerText.Harmless(property.Name, 100)] = property.Value.GetRawText();
            }
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            // The switch program checks it by itself; here it only means that nothing can be foretold.
        }

        return found;
    }
}
