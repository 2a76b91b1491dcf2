using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Core.Operations;

/// <summary>A system that was left for a reason, and is not activated again unless a person overrides.</summary>
/// <param name="Reason">Why: the person's words, or what went wrong.</param>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
/// <param name="Operation">Where it comes from.</param>
public sealed record GenerationMark(string Reason, string By, DateTimeOffset At, Guid Operation)
{
    /// <summary>Name of the author where no person decided.</summary>
    public const string Itself = "the server itself";

    /// <summary>
    /// Marks by store path, worked out from the history of one server: what the server gave up by itself is marked; a rollback to a lower
    /// number marks what it left; a target whose units turned out worse is marked; a verified switch to a marked system, which takes a person's override, lifts the mark.
    /// </summary>
    public static ImmutableDictionary<string, GenerationMark> From(IEnumerable<Operation> history)
    {
        var marks = ImmutableDictionary.CreateBuilder<string, GenerationMark>(StringComparer.Ordinal);
        foreach (var operation in history.Where(o => o.Kind is OperationKind.RollBack or OperationKind.Deploy or OperationKind.StandingWatch).OrderBy(o => o.StartedAt))
        {
            if (operation.GivenUp is { } system)
            {
                marks[system] = new GenerationMark(WatchRecord.Read(operation.Watched).Reason ?? operation.Outcome, Itself, operation.StartedAt, operation.Id);
            }
            else if (operation.Verdict == SwitchVerdict.Unhealthy)
            {
                marks[operation.TargetSystem] = new GenerationMark(operation.Outcome, operation.AuthorName, operation.StartedAt, operation.Id);
            }
            else if (operation.State == OperationState.Verified)
            {
                marks.Remove(operation.TargetSystem);
            }

            if (GoesBack(operation) && LeftIt(operation))
            {
                var reason = operation.Reason.Length == 0 ? $"rolled back to {operation.TargetGeneration}" : operation.Reason;
                marks[operation.FromSystem!] = new GenerationMark(reason, operation.AuthorName, operation.StartedAt, operation.Id);
            }
        }

        return marks.ToImmutable();
    }

    private static bool GoesBack(Operation operation) =>
        operation.FromSystem is not null && operation.FromSystem != operation.TargetSystem && operation.TargetGeneration > 0 && operation.FromGeneration > operation.TargetGeneration;

    private static bool LeftIt(Operation operation) => operation.State == OperationState.Verified || operation.Verdict == SwitchVerdict.Unhealthy;
}
