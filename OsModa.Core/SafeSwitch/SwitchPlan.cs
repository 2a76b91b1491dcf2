using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Core.SafeSwitch;

/// <summary>How a switch is watched, and until when it can undo itself.</summary>
public sealed record SwitchPlan
{
    /// <summary>No length of it may be longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>A rollback by hand: the target ran before, so one good look is enough to make it the default at next boot; then the server watches a minute more.</summary>
    public static SwitchPlan ByHand { get; } = new() { CommitEarly = true, Stand = TimeSpan.FromSeconds(60), StandConfirm = TimeSpan.FromSeconds(30) };

    /// <summary>A deployment: something that this server has never run.</summary>
    public static SwitchPlan Deployment { get; } = new() { Probation = TimeSpan.FromSeconds(10), Confirm = TimeSpan.FromSeconds(30) };

    /// <summary>How long it is observed after the activation has ended; zero: one look.</summary>
    public TimeSpan Probation { get; init; }

    /// <summary>Within which after the activation the dashboard has to confirm over a new connection; zero: not asked for.</summary>
    public TimeSpan Confirm { get; init; }

    /// <summary>It becomes the default at next boot right after the first good look, not only at the end of the probation.</summary>
    public bool CommitEarly { get; init; }

    /// <summary>How long the server goes on watching after it is done; zero: not at all.</summary>
    public TimeSpan Stand { get; init; }

    /// <summary>Within which of that time the dashboard has to confirm; zero: not asked for.</summary>
    public TimeSpan StandConfirm { get; init; }

    /// <summary>The target is known-good and what runs is not: the standing watch tells of trouble, but does not go below it.</summary>
    public bool IsFloor { get; init; }

    /// <summary>Id of the operation that the server itself starts should it have to go back while it stands watch; without one it does not stand.</summary>
    public Guid? UndoOperation { get; init; }

    /// <summary>Watched although the change may not touch them, such as agents.</summary>
    public ImmutableArray<UnitName> Watched { get; init; } = [];

    public ImmutableArray<HealthCheck> Checks { get; init; } = [];

    /// <summary>
    /// As it is ordered. A standing watch gets the id of its operation at once, so that whoever sees the server begin it knows it; it goes back
    /// without a restart, and so cannot take back what came by one.
    /// </summary>
    internal SwitchPlan ToOrder(SwitchMode mode, bool isFloor, DateTimeOffset now) =>
        mode == SwitchMode.Restart ? this with { CommitEarly = false, Stand = TimeSpan.Zero, StandConfirm = TimeSpan.Zero }
        : Stand > TimeSpan.Zero ? this with { UndoOperation = Guid.CreateVersion7(now), IsFloor = isFloor }
        : this;
}
