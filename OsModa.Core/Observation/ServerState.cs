using System.Collections.Immutable;
using OsModa.Core.Ledger.Mirror;
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

    /// <summary>Every unit that exists; units that are only named by others (LoadState <c>not-found</c>) do not.</summary>
    public ImmutableSortedDictionary<UnitName, UnitState> Units { get; init; } = ImmutableSortedDictionary<UnitName, UnitState>.Empty;

    /// <summary>Newest number first; those that are gone stay, with <see cref="Generation.GoneAt"/>.</summary>
    public ImmutableArray<Generation> Generations { get; init; } = [];

    public SystemPins? Pins { get; init; }

    /// <summary>A switch under way on the server, whoever started it.</summary>
    public SwitchProgress? Switch { get; init; }

    /// <summary>A program on the server holds the lock of switch-to-configuration.</summary>
    public bool SwitchLocked { get; init; }

    /// <summary>The newest thing worth a sentence in the fleet table.</summary>
    public LastChange? LastChange { get; init; }

    /// <summary>How the chain stands that osModa's agentd keeps there; null where it keeps none.</summary>
    public ChainStanding? Chain { get; init; }

    /// <summary>What observation cannot do on this server.</summary>
    public ImmutableArray<ObservationTrouble> Troubles { get; init; } = [];

    /// <summary>The verdict of this moment: the first of the enum's words that is true. A server that is not live is stale or unknown, whatever it last said.</summary>
    public ServerHealth Health
    {
        get
        {
            if (Reach != Reach.Live)
            {
                return HeardAt is null ? ServerHealth.Unknown : ServerHealth.Stale;
            }

            var worst = ServerHealth.Healthy;
            foreach (var (_, unit) in Units)
            {
                worst = unit.Health switch
                {
                    UnitHealth.Failed => ServerHealth.Failed,
                    UnitHealth.CrashLoop when worst > ServerHealth.CrashLoop => ServerHealth.CrashLoop,
                    _ => worst,
                };
            }

            return worst < ServerHealth.Switching ? worst
                : Switch is { Outcome: null } ? ServerHealth.Switching
                : Pins is { Current: { } current, NextBoot: { } next } && current != next ? ServerHealth.Drifted
                : ServerHealth.Healthy;
        }
    }

    /// <summary>The units of its AI agents.</summary>
    public ImmutableArray<UnitName> AgentUnits => [.. Units.Values.Where(unit => unit.Agent is not null).Select(unit => unit.Name)];

    /// <summary>AI agents that run, of all that there are.</summary>
    public (int Healthy, int Total) Agents
    {
        get
        {
            var (healthy, total) = (0, 0);
            foreach (var (_, unit) in Units)
            {
                total += unit.Agent is null ? 0 : 1;
                healthy += unit is { Agent: not null, Health: UnitHealth.Healthy } ? 1 : 0;
            }

            return (healthy, total);
        }
    }

    /// <summary>systemd reads its unit files anew: that it calls units gone means nothing until it has.</summary>
    internal bool UnitsReloading { get; init; }

    /// <summary>We were away for longer than a minute: counts that grew meanwhile say nothing of the last minute. Until the snapshot is whole.</summary>
    internal bool CountsAreOld { get; init; }

    /// <summary>When its stream ended, by our clock: what it said until then is what is known. Null while it is watched, until the snapshot is whole.</summary>
    internal DateTimeOffset? WatchedUntil { get; init; }

    /// <summary>When the first crash loop may have calmed down; null when there is none.</summary>
    internal DateTimeOffset? ReviewAt { get; init; }

    /// <summary>When the newest switch ended, by our clock.</summary>
    internal DateTimeOffset? SwitchEndedAt { get; init; }

    /// <summary>The state after something happened. Total: every event has a state after it, also one that makes no sense.</summary>
    public ServerState Apply(ServerEvent happened)
    {
        var next = StateReducer.Next(this, happened);
        return happened.Heard && next.HeardAt != happened.At ? next with { HeardAt = happened.At } : next;
    }
}

/// <param name="Code">Code of the protocol's <c>trouble</c>, such as <c>no-bus</c>.</param>
/// <param name="Text">One sentence of the script.</param>
public sealed record ObservationTrouble(string Code, string Text);

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
