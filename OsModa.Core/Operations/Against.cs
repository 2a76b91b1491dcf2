using System.Collections.Immutable;

namespace OsModa.Core.Operations;

/// <summary>What history says against activating a system.</summary>
/// <param name="Marks">Systems that are marked bad on this server, by store path.</param>
/// <param name="Quarantine">The target went wrong somewhere in the organisation's fleet.</param>
public sealed record Against(ImmutableDictionary<string, GenerationMark> Marks, Quarantine? Quarantine)
{
    public static Against Nothing { get; } = new(ImmutableDictionary<string, GenerationMark>.Empty, null);

    /// <summary>One sentence; null when nothing speaks against it. What is undone does not stand against its own undoing.</summary>
    public string? Of(RollBackRequest request)
    {
        if (Marks.TryGetValue(request.Target.Text, out var mark) && mark.Operation != request.Undoes)
        {
            return $"{(request.Generation > 0 ? $"Generation {request.Generation}" : "This system")} is marked bad by {mark.By}: {mark.Reason}";
        }

        return Quarantine is { } quarantine && quarantine.OperationId != request.Undoes
            ? $"{(request.Generation > 0 ? $"The system of generation {request.Generation}" : "This system")} is in quarantine since it went wrong{(quarantine.ServerId == request.Server ? "" : " on another server")}: {quarantine.Reason}"
            : null;
    }
}
