using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>How we stand with a server.</summary>
public enum Reach
{
    /// <summary>Never heard since it was added.</summary>
    Never,
    Connecting,
    Live,
    /// <summary>Was heard, is not now; what is known is old.</summary>
    Lost,
    /// <summary>We stopped by ourselves and wait for a person: the host key changed or none is accepted yet.</summary>
    Stopped,
}

/// <summary>One word for a server: what the fleet counts and filters by, worst first.</summary>
public enum ServerHealth
{
    Failed,
    CrashLoop,
    Switching,
    Stale,
    Unknown,
    Drifted,
    Healthy,
}

/// <summary>All that is known of one server now. Immutable; <see cref="ServerEvent"/>s make the next one.</summary>
public sealed record ServerState
{
    public required ServerId Server { get; init; }

    public Reach Reach { get; init; }

    /// <summary>Why it cannot be reached, when it cannot.</summary>
    public ConnectionFault? Fault { get; init; }

    /// <summary>When the newest frame came, by our clock. Null: never.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>Since when <see cref="Reach"/> is what it is, by our clock.</summary>
    public DateTimeOffset? ReachSince { get; init; }

    public HostFacts? Host { get; init; }

    public HostLoad? Load { get; init; }

    public ImmutableSortedDictionary<UnitName, UnitState> Units { get; init; } = ImmutableSortedDictionary<UnitName, UnitState>.Empty;

    /// <summary>Newest number first; those that are gone stay, with <see cref="Generation.GoneAt"/>.</summary>
    public ImmutableArray<Generation> Generations { get; init; } = [];

    public SystemPins? Pins { get; init; }

    /// <summary>A switch under way on the server, whoever started it.</summary>
    public SwitchProgress? Switch { get; init; }

    /// <summary>The newest thing worth a sentence in the fleet table.</summary>
    public LastChange? LastChange { get; init; }
}

/// <param name="At">By our clock.</param>
/// <param name="What">What happened, in kinds.</param>
/// <param name="Subject">Unit or generation that it is about, such as <c>nginx</c> or <c>41</c>.</param>
/// <param name="Ours">Made through this dashboard.</param>
public sealed record LastChange(DateTimeOffset At, ChangeKind What, string Subject, bool Ours);

public enum ChangeKind
{
    SwitchedTo,
    RolledBackTo,
    UnitFailed,
    UnitCrashLoop,
    UnitRecovered,
    Rebooted,
    NextBootSet,
    Added,
}
