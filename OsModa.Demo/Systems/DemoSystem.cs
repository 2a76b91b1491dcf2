using System.Collections.Immutable;
using OsModa.Core.Configuration;
using OsModa.Core.Nix;

namespace OsModa.Demo.Systems;

/// <param name="Path">Another path is another unit file: a switch restarts the unit.</param>
internal sealed record UnitFile(UnitTemplate Template, StorePath Path);

/// <summary>How a unit of a system goes wrong each time it runs.</summary>
internal enum Defect
{
    /// <summary>Its main process ends seconds after each start and systemd starts it again.</summary>
    CrashLoops,
    /// <summary>It cannot start and stays failed.</summary>
    Fails,
}

/// <summary>What a server's configuration adds to the packages.</summary>
internal sealed record SystemPlan(string HostName, ImmutableArray<UnitTemplate> Units)
{
    /// <summary>Counted up by each change of the configuration to a unit.</summary>
    public ImmutableSortedDictionary<string, int> Edits { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    public ImmutableSortedDictionary<string, Defect> Defects { get; init; } = ImmutableSortedDictionary<string, Defect>.Empty;

    /// <summary>Files of /etc changed without any unit, as text that goes into the hash.</summary>
    public string Etc { get; init; } = "";

    public ImmutableArray<string> Specialisations { get; init; } = [];

    /// <summary>Commit of the configuration's repository; empty where it is not set.</summary>
    public string Revision { get; init; } = "";

    /// <summary>What the form of the dashboard sets.</summary>
    public SettingsDocument Form { get; init; } = SettingsDocument.Empty;

    /// <summary>Hash of the files beside the form where they are none that the server has in /etc/nixos; empty otherwise.</summary>
    public string ByHand { get; init; } = "";
}

/// <summary>One system, as a path of the store holds it: never changes.</summary>
internal sealed class DemoSystem
{
    public DemoSystem(Release release, SystemPlan plan)
    {
        (Release, Plan) = (release, plan);
        Units = plan.Units.Where(t => !FormEffect.IsOff(plan.Form, t.Name))
            .ToImmutableSortedDictionary(static t => t.Name, t => release.UnitFileOf(t, plan.Edits.GetValueOrDefault(t.Name) + FormEffect.EditsOf(plan.Form, t.Name)), StringComparer.Ordinal);
        EtcPath = StoreHash.Of("etc", [plan.Etc, FormEffect.TextOf(plan.Form), plan.ByHand, .. Units.Values.Select(static u => u.Path.Text)]);
        Path = StoreHash.Of(
            $"nixos-system-{plan.HostName}-{release.Label}",
            [EtcPath.Text, release.SystemPath.Text, release.InitrdPath.Text, release.KernelPath.Text, plan.Revision, .. plan.Specialisations, .. plan.Defects.Keys]);
    }

    public Release Release { get; }

    public SystemPlan Plan { get; }

    public StorePath Path { get; }

    public StorePath EtcPath { get; }

    public ImmutableSortedDictionary<string, UnitFile> Units { get; }

    /// <summary>The rule of NixOS: another kernel or initrd than the booted one waits for a restart.</summary>
    public bool NeedsRebootAfter(DemoSystem booted) => Release.KernelPath != booted.Release.KernelPath || Release.InitrdPath != booted.Release.InitrdPath;

    /// <summary>What comes with that restart, as boot-parts.sh tells it; empty for nothing.</summary>
    public string BootPartsAfter(DemoSystem booted) => (Release.KernelPath != booted.Release.KernelPath, Release.InitrdPath != booted.Release.InitrdPath) switch
    {
        (true, true) => "kernel initrd kernel-modules",
        (true, false) => "kernel kernel-modules",
        (false, true) => "initrd",
        _ => "",
    };

    /// <summary>The packages that it needs.</summary>
    public IEnumerable<Package> Packages()
    {
        var own = Plan.Units.Select(static u => u.Package).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return Release.Packages.Values.Where(package => PackageTable.IsEverywhere(package.Entry) || own.Contains(package.Name));
    }

    /// <summary>Every path that it needs, with its NAR size in bytes.</summary>
    public IEnumerable<(StorePath Path, long Bytes)> Closure()
    {
        foreach (var output in Packages().SelectMany(static p => p.Outputs))
        {
            yield return output;
        }

        foreach (var unit in Units.Values)
        {
            yield return (unit.Path, 1_408);
        }

        yield return (Release.KernelPath, 139_218_944);
        yield return (Release.InitrdPath, 24_117_248);
        yield return (EtcPath, 214_016);
        yield return (Release.SystemPath, 1_894_400);
        yield return (Path, 48_640);
    }
}
