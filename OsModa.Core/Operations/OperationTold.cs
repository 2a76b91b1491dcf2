using System.Collections.Immutable;
using OsModa.Core.Ledger;

namespace OsModa.Core.Operations;

/// <summary>Operations as the ledger keeps them.</summary>
internal static class OperationTold
{
    public static string Verb(Operation operation) => operation.Kind switch
    {
        OperationKind.Deploy => "server.deploy",
        OperationKind.Drill => "server.drill",
        OperationKind.StandingWatch => "server.standing-watch",
        OperationKind.Elsewhere => "server.switched-elsewhere",
        _ => "server.roll-back",
    };

    public static ImmutableSortedDictionary<string, string> Details(Operation operation) => LedgerVerbs.Details(
        ("operation", operation.Id.ToString()),
        ("from", operation.FromGeneration is { } from ? $"{from}" : null),
        ("fromSystem", operation.FromSystem),
        ("to", operation.TargetGeneration > 0 ? $"{operation.TargetGeneration}" : null),
        ("toSystem", operation.TargetSystem),
        ("onlyNextBoot", operation.OnlyNextBoot ? "yes" : null),
        ("overridesQuarantine", operation.Overrides ? "yes" : null),
        ("undoes", operation.Undoes?.ToString()),
        ("commit", operation.Commit));

    /// <summary>What an outcome belongs to, also when another process wrote the intent.</summary>
    public static LedgerIntent Intent(Operation operation) =>
        new(operation.Id, new LedgerActor(operation.OrganisationId, operation.AuthorId == Guid.Empty ? null : operation.AuthorId, operation.AuthorName), Verb(operation), operation.ServerId);

    public static LedgerOutcome Outcome(OperationState state) => state switch
    {
        OperationState.Verified => LedgerOutcome.Done,
        OperationState.Failed or OperationState.RolledBack => LedgerOutcome.Failed,
        _ => LedgerOutcome.Unknown,
    };
}
