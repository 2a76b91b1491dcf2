using System.Collections.Immutable;

namespace OsModa.Core.Observation;

/// <summary>ActiveState of org.freedesktop.systemd1.Unit; <see cref="Unknown"/> for a word that is none of systemd's.</summary>
public enum UnitActivity
{
    Unknown,
    Active,
    Reloading,
    Inactive,
    Failed,
    Activating,
    Deactivating,
    Maintenance,
}

/// <summary>What people need to know of a unit; more exact than systemd's states where those mislead.</summary>
public enum UnitHealth
{
    Unknown,
    Healthy,
    /// <summary>On its way up or down.</summary>
    Changing,
    /// <summary>Started again and again: <c>active</c> in systemd's eyes for most of the time.</summary>
    CrashLoop,
    Failed,
    /// <summary>Not running and not meant to be.</summary>
    Resting,
}

/// <summary>One unit as last heard.</summary>
public sealed record UnitState
{
    public required UnitName Name { get; init; }

    public string Description { get; init; } = "";

    public UnitActivity Activity { get; init; }

    /// <summary>SubState, such as <c>running</c> or <c>auto-restart</c>.</summary>
    public string Sub { get; init; } = "";

    /// <summary>LoadState: <c>loaded</c>, <c>masked</c>, <c>error</c>, <c>bad-setting</c>…; empty until told.</summary>
    public string Load { get; init; } = "";

    /// <summary>Result of a service: <c>success</c>, <c>exit-code</c>, <c>signal</c>…; empty for other types.</summary>
    public string Result { get; init; } = "";

    /// <summary>NRestarts since the unit was last started by a job.</summary>
    public int Restarts { get; init; }

    /// <summary>How the last main process ended: 1 it exited with <see cref="ExitStatus"/>, 2 and 3 it was killed by the signal of that number (3: with a core dump); null: none has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Exit status or number of the signal of the last main process.</summary>
    public int? ExitStatus { get; init; }

    public int? MainPid { get; init; }

    /// <summary>What the service says of itself (sd_notify STATUS=); text of the server.</summary>
    public string StatusText { get; init; } = "";

    /// <summary>StateChangeTimestamp by the server's clock.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Id of this run of the unit; another one means it was started anew.</summary>
    public Guid? Invocation { get; init; }

    /// <summary>Path of the unit's file; empty until told.</summary>
    public string UnitFile { get; init; } = "";

    /// <summary>UnitFileState, such as <c>enabled</c>; empty until told.</summary>
    public string Enablement { get; init; } = "";

    /// <summary>Its file has changed since systemd read it.</summary>
    public bool NeedsReload { get; init; }

    /// <summary>The newest entry of the journal that explains its trouble; null for none. Text of the server.</summary>
    public string? Why { get; init; }

    /// <summary>MemoryCurrent in bytes; null where the server does not account for it.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The AI agent that this unit is, such as <c>scout</c>; null for all other units.</summary>
    public string? Agent { get; init; }

    /// <summary>When its newest restarts were seen, oldest first, a few at most: two within a minute make a crash loop.</summary>
    public ImmutableArray<DateTimeOffset> RestartsSeen { get; init; } = [];

    public UnitHealth Health { get; init; }

    /// <summary>StateChangeTimestampMonotonic: orders what is told of this unit within one boot. 0: never changed since boot, or not told.</summary>
    internal long ChangedMono { get; init; }

    /// <summary>ActiveEnterTimestampMonotonic, in microseconds since boot: when it was last up. 0: never, or not told.</summary>
    internal long ActiveSinceMono { get; init; }

    /// <summary>When it last began to wait for its next start, in microseconds since boot; 0: it never has.</summary>
    internal long WaitedMono { get; init; }

    /// <summary>Since when it does not run, by our clock; null while it runs or is on its way.</summary>
    internal DateTimeOffset? DownSince { get; init; }

    /// <summary>It waits to be started, and the start before did not last.</summary>
    internal bool WaitsAgain { get; init; }

    /// <summary>The server has told <see cref="Restarts"/>, so that a higher count means new ones.</summary>
    internal bool RestartsTold { get; init; }
}
