using System.Collections.Immutable;
using OsModa.Core.Configuration;
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

    /// <summary>A setting of the form that one of its units does not stand: it crashes with any value of it.</summary>
    public (OptionPath Setting, string Unit)? Trips { get; init; }

    /// <summary>Agents whose deeds osModa's agentd writes into a chain; none: it does not run there.</summary>
    public ImmutableArray<string> Chained { get; init; } = [];

    /// <summary>A tool that they call past agentd; null: there is none.</summary>
    public string? Unchained { get; init; }

    /// <summary>A plan with other settings of the form, and with what goes wrong by them.</summary>
    public static SystemPlan With(SystemPlan plan, SettingsDocument form, (OptionPath Setting, string Unit)? trips) => plan with
    {
        Form = form,
        Defects = trips is not var (setting, unit) ? plan.Defects
            : form[setting] is not null ? plan.Defects.SetItem(unit, Defect.CrashLoops)
            : plan.Form[setting] is not null ? plan.Defects.Remove(unit)
            : plan.Defects,
    };
}
