using System.Collections.Immutable;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>One commit for several servers.</summary>
public sealed record RolloutForm
{
    /// <summary>Made when the sheet opens, sent with every click on it: the same sheet never starts twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>In the history.</summary>
    public required CommitId Commit { get; init; }

    /// <summary>In the order in which they are switched.</summary>
    public required ImmutableArray<ServerId> Servers { get; init; }

    public string Reason { get; init; } = "";
}

/// <summary>A rollout as it stands.</summary>
/// <param name="Rollout">As a whole.</param>
/// <param name="Servers">In their order.</param>
public sealed record RolloutView(Rollout Rollout, ImmutableArray<RolloutServer> Servers);
