using System.Collections.Immutable;
using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>A definition of an option that counts for nothing, because a stronger one wins.</summary>
/// <param name="Path">The option.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Priority">Weaker, so a higher number than that of what wins.</param>
/// <param name="Value">Null where it was not told.</param>
public sealed record LostDefinition(OptionPath Path, SourcePlace Place, int Priority, NixValue? Value)
{
    private const int Most = 16;

    internal static LostDefinition? Read(JsonElement json) =>
        ValueHere.Read(json) is { } told && json.TryGetProperty("file", out var file) && file.ValueKind == JsonValueKind.String && OptionJson.Words(json, "file", 1_024) is { } place
            ? new LostDefinition(told.Path, new SourcePlace(place, null), told.Priority, told.Value)
            : null;

    /// <summary>What is set, each with what loses against it.</summary>
    internal static IEnumerable<ValueHere> Among(ImmutableArray<ValueHere> here, IEnumerable<LostDefinition> lost)
    {
        var byPath = lost.ToLookup(definition => definition.Path);
        return here.Select(value => value with { Lost = [.. byPath[value.Path].Where(definition => definition.Priority > value.Priority).OrderBy(definition => definition.Priority).Take(Most)] });
    }
}
