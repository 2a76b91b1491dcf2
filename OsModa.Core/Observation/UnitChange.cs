namespace OsModa.Core.Observation;

/// <summary>What a server told of a unit at one time; null is "not told", and the unit keeps what it had. Filled while a frame is read, never changed afterwards.</summary>
public sealed record UnitChange
{
    public string? Description { get; internal set; }

    /// <summary>LoadState: <c>loaded</c>, <c>not-found</c>, <c>masked</c>, <c>error</c>…</summary>
    public string? Load { get; internal set; }

    public UnitActivity? Activity { get; internal set; }

    public string? Sub { get; internal set; }

    public string? Result { get; internal set; }

    public int? Restarts { get; internal set; }

    /// <summary>Negative: there is none now.</summary>
    public int? MainPid { get; internal set; }

    /// <summary>ExecMainCode: 0 none yet, 1 exited, 2 killed by a signal, 3 dumped core (the CLD_ numbers of sigaction(2)).</summary>
    public int? ExitCode { get; internal set; }

    public int? ExitStatus { get; internal set; }

    public string? StatusText { get; internal set; }

    public Guid? Invocation { get; internal set; }

    /// <summary>Bytes; negative: the server does not account for it.</summary>
    public long? MemoryBytes { get; internal set; }

    public DateTimeOffset? ChangedAt { get; internal set; }

    /// <summary>Microseconds of the server's monotonic clock; 0: never changed since boot.</summary>
    public long? ChangedMono { get; internal set; }

    /// <summary>ActiveEnterTimestampMonotonic, in the same.</summary>
    public long? ActiveSinceMono { get; internal set; }

    public string? UnitFile { get; internal set; }

    public bool? NeedsReload { get; internal set; }

    /// <summary>UnitFileState: <c>enabled</c>, <c>disabled</c>, <c>static</c>…</summary>
    public string? Enablement { get; internal set; }

    /// <summary>Value of <c>X-OsModa-Agent=</c> in the unit's file.</summary>
    public string? Marker { get; internal set; }
}

/// <summary>A unit and what was told of it.</summary>
public readonly record struct UnitReport(UnitName Unit, UnitChange Change);
