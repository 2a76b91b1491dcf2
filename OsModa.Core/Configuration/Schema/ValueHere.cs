using System.Collections.Immutable;
using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>The value that an option has on one server, where it is not the option's own default.</summary>
/// <param name="Path">The option.</param>
/// <param name="Priority">Of the definitions that win: 50 for mkForce, 100 for a plain one, 1000 for mkDefault.</param>
/// <param name="Files">Files on the server that hold the definitions that win.</param>
/// <param name="Value">Null where it was not told.</param>
public sealed record ValueHere(OptionPath Path, int Priority, ImmutableArray<SourcePlace> Files, NixValue? Value)
{
    /// <summary>Definitions of it that count for nothing, the strongest first.</summary>
    public ImmutableArray<LostDefinition> Lost { get; init; } = [];

    internal static ValueHere? Read(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && OptionJson.PathOf(json) is { } path
        && json.TryGetProperty("priority", out var priority) && priority.ValueKind == JsonValueKind.Number && priority.TryGetInt32(out var number)
            ? new ValueHere(path, number, json.TryGetProperty("files", out var files) ? OptionJson.Files(files) : [], json.TryGetProperty("value", out var value) && PlainJson.Read(value) is { } read ? PlainSecret.Masked(path.Parts, read) : null)
            : null;
}
