namespace OsModa.Demo.Systems;

/// <summary>What a unit is like, which decides how it rests and how it starts.</summary>
internal enum UnitKind
{
    /// <summary>A service that runs on.</summary>
    Daemon,
    /// <summary>A service that did its work at boot and counts as active.</summary>
    Done,
    /// <summary>A service that its timer starts now and then.</summary>
    Job,
    Timer,
    Socket,
    Target,
    Mount,
    Slice,
}

/// <param name="Name">Full name, such as <c>nginx.service</c>.</param>
/// <param name="Package">What it runs: a new one changes the unit. Null for units that run nothing of their own.</param>
/// <param name="Bytes">Memory at rest; 0 where it has no processes.</param>
/// <param name="Agent">The AI agent that it is, null for all others.</param>
/// <param name="Status">What it says of itself; may be empty.</param>
internal sealed record UnitTemplate(string Name, string Description, UnitKind Kind, string? Package, long Bytes, string? Agent, string Status)
{
    /// <summary>X-OsModa-Agent= of its file; null for none. Agents have units of their own here, so the runtime is not counted as one.</summary>
    public string? Marker => Agent ?? (Package == "osmoda-gateway" ? "no" : null);

    public bool IsService => Kind is UnitKind.Daemon or UnitKind.Done or UnitKind.Job;

    /// <summary>ActiveState and SubState when all is well and it is up.</summary>
    public (string Active, string Sub) Up => Kind switch
    {
        UnitKind.Daemon => ("active", "running"),
        UnitKind.Done => ("active", "exited"),
        UnitKind.Job => ("inactive", "dead"),
        UnitKind.Timer => ("active", "waiting"),
        UnitKind.Socket => ("active", "listening"),
        UnitKind.Mount => ("active", "mounted"),
        _ => ("active", "active"),
    };
}
