using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>What makes one simulated server differ from the next.</summary>
internal sealed record ServerPlan(ServerId Id, string Name, Hardware Hardware, uint Seed)
{
    /// <summary>Oldest first; the last one is what it runs.</summary>
    public required IReadOnlyList<DemoGeneration> History { get; init; }

    /// <summary>In the agenda's microseconds, negative.</summary>
    public required long BootedAt { get; init; }

    /// <summary>What it was booted with, and what it runs, where these are not the newest generations of their time.</summary>
    public DemoSystem? Booted { get; init; }

    public DemoSystem? Current { get; init; }

    /// <summary>Why nobody reaches it, from the beginning.</summary>
    public ConnectionFault? Fault { get; init; }

    /// <summary>False: whoever logs in is neither root nor may use sudo.</summary>
    public bool MayAct { get; init; } = true;
}
