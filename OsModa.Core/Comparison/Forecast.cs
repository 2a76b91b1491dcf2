using System.Collections.Immutable;
using OsModa.Core.Agents;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;

namespace OsModa.Core.Comparison;

/// <summary>What a switch will do, and what a person should know before it.</summary>
public sealed record Forecast
{
    private Dictionary<UnitName, UnitFileChange>? _byName;

    /// <summary>Units that come, go or change, by name.</summary>
    public required ImmutableArray<UnitFileChange> Units { get; init; }

    /// <summary>What happens to units, those included whose own files are alike, such as sockets of changed services.</summary>
    public required ImmutableSortedDictionary<UnitName, UnitFate> Fates { get; init; }

    public required ImmutableArray<SecurityChange> Security { get; init; }

    public required ImmutableArray<LastingState> Lasting { get; init; }

    /// <summary>It was known which units run; otherwise each unit is taken to.</summary>
    public required bool FromRuns { get; init; }

    /// <summary>What the server was started with: a reboot brings only what is not of that system.</summary>
    public BootedSystem Booted { get; init; }

    /// <summary>Parts of the first system that already wait for a restart, whatever is switched to; null when none do or that is not known.</summary>
    public BootParts? Waiting { get; init; }

    /// <summary>A dry run on the server was asked what it says of units.</summary>
    public bool IsChecked { get; init; }

    /// <summary>Where a dry run on the server says otherwise; empty without one.</summary>
    public ImmutableArray<Disagreement> Disagreements { get; init; } = [];

    /// <summary>What it will do now: if the first system runs on the server, only units that run count.</summary>
    public static Forecast Of(SystemDifference difference, ServerState now, UnitEffects? dryRun = null)
    {
        var live = now.Reach == Reach.Live ? now.Pins : null;
        var fromRuns = live?.Current == difference.From;
        return Of(difference, fromRuns ? RunningUnits.Of(now.Units.Values) : RunningUnits.All, dryRun) with
        {
            Booted = BootedOf(difference, live?.Booted),
            Waiting = fromRuns && live is { RebootNeeded: true } ? live.Waiting : null,
        };
    }

    /// <summary>Only of a difference whose texts were read.</summary>
    public static Forecast Of(SystemDifference difference, RunningUnits running, UnitEffects? dryRun = null)
    {
        var (units, fates) = new SwitchRules(new UnitFiles(difference.FromFiles, difference.ToFiles), running).Apply();
        return new Forecast
        {
            Units = units,
            Fates = fates,
            FromRuns = running.Known,
            Security = difference.Security,
            Lasting = LastingState.Find(units),
            IsChecked = dryRun is not null,
            Disagreements = dryRun is null ? [] : Disagreement.Find(fates, dryRun),
        };
    }

    /// <summary>The agent that a unit is, by its name or by what its file says; null when it is none.</summary>
    public string? AgentOf(UnitName unit) => ChangeOf(unit) is { } change ? change.Agent : AgentRule.AgentOf(unit, null);

    /// <summary>What is different about the unit's own files; null when nothing is.</summary>
    public UnitFileChange? ChangeOf(UnitName unit) => (_byName ??= Units.ToDictionary(change => change.Unit)).GetValueOrDefault(unit);

    public IEnumerable<UnitName> With(params UnitFate[] fates) => Fates.Where(one => fates.Contains(one.Value)).Select(one => one.Key);

    /// <summary>Something of the second system takes effect with a reboot only.</summary>
    /// <param name="boot">What is different about what the two boot with.</param>
    public bool NeedsReboot(BootChange boot) => Booted == BootedSystem.To ? boot.OnlyByReboot : boot.NeedsReboot;

    private static BootedSystem BootedOf(SystemDifference difference, StorePath? booted) =>
        booted is null ? BootedSystem.Unknown
        : booted == difference.From ? BootedSystem.From
        : booted == difference.To ? BootedSystem.To
        : BootedSystem.Other;
}
