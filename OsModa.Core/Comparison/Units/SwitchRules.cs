using System.Collections.Immutable;
using OsModa.Core.Agents;
using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>
/// What NixOS's switch program will do to units, worked out from their files: the rules of switch-to-configuration-ng in nixpkgs
/// (main loop, handle_modified_unit). It compares only units that run; all others wait for their next start.
/// </summary>
internal sealed class SwitchRules(UnitFiles files, RunningUnits running)
{
    // Units that systemd's reload brings up to date, or that must not be restarted by themselves.
    private static readonly string[] NeverRestarted = ["sysinit.target", "basic.target", "multi-user.target", "graphical.target"];

    private readonly SortedSet<UnitName> _stop = [], _start = [], _restart = [], _reload = [], _kept = [], _onDemand = [];

    /// <summary>Everything that comes, goes or changes, and the fate of each unit, including sockets that go with their services.</summary>
    public (ImmutableArray<UnitFileChange> Changes, ImmutableSortedDictionary<UnitName, UnitFate> Fates) Apply()
    {
        var changes = files.Changed.Select(Judge).ToList();
        var fates = _stop.Concat(_start).Concat(_restart).Concat(_reload).Concat(_kept).Distinct().ToImmutableSortedDictionary(unit => unit, FateOf);
        return ([.. changes.Select(change => change with { Fate = Worst(change, fates) })], fates);
    }

    private UnitFileChange Judge(UnitName unit)
    {
        var (old, @new) = (files.Old(unit), files.New(unit));
        var change = new UnitFileChange(unit, files.OldText(unit), files.NewText(unit))
        {
            Running = files.InOld(unit) ? running.Behind(unit) : [],
            Agent = AgentRule.AgentOf(unit, (@new ?? old)?.Last("Unit", "X-OsModa-Agent")),
        };
        if (!files.InNew(unit))
        {
            var stays = old?.Flag("Unit", "X-StopOnRemoval", otherwise: true) == false;
            _stop.UnionWith(stays ? [] : change.Running);
            return stays ? change with { Why = "it is removed and marked to run on: X-StopOnRemoval=false" } : change;
        }

        if (!files.InOld(unit))
        {
            return Begin(change);
        }

        change = change with { Difference = DifferenceOf(unit) };
        foreach (var one in change.Running)
        {
            // An instance may have drop-ins of its own beside the template's.
            change = change with { Why = one == unit ? Decide(one, change.Difference, @new) : Decide(one, DifferenceOf(one), files.New(one)) };
        }

        return change.Running.Count > 0 ? change : Again(change with { Why = "it does not run" }, @new);
    }

    // A service that failed or was stopped by hand; one that runs once may have done so, and one with conditions may not be meant to run.
    private UnitFileChange Again(UnitFileChange change, UnitFile? settings)
    {
        var begins = running.Known && change.Unit.Text.EndsWith(".service", StringComparison.Ordinal) && settings is not null && settings.Last("Service", "Type") != "oneshot"
            && !settings.Section("Unit").Keys.Any(key => key.StartsWith("Condition", StringComparison.Ordinal) || key.StartsWith("Assert", StringComparison.Ordinal));
        if (!begins || !files.WantedBy(change.Unit).Any(Wants))
        {
            return Begin(change);
        }

        _start.Add(change.Unit);
        return change with { Why = $"it does not run now, and {files.WantedBy(change.Unit).First(Wants)} wants it" };
    }

    private UnitDifference DifferenceOf(UnitName unit) => files.Old(unit) is { } old && files.New(unit) is { } @new ? UnitComparer.Compare(old, @new) : UnitDifference.Restart;

    // Active targets are started again at the end, and with them what they want that does not run.
    private UnitFileChange Begin(UnitFileChange change)
    {
        var runsAlready = running.Known && running.Runs(change.Unit);
        if (runsAlready || !files.NewlyWantedBy(change.Unit).Any(Wants))
        {
            return change;
        }

        _start.Add(change.Unit);
        return change with { Why = change.Old is null ? "" : "it is newly wanted" };
    }

    private bool Wants(UnitName by) => running.Runs(by) || by.Text == "multi-user.target";

    /// <summary>Why it was decided so, where that is not plain.</summary>
    private string Decide(UnitName unit, UnitDifference difference, UnitFile? settings)
    {
        if (difference == UnitDifference.None)
        {
            return "what changed takes effect while it runs";
        }

        if (unit.Text.EndsWith(".target", StringComparison.Ordinal))
        {
            if (settings?.Flag("Unit", "X-StopOnReconfiguration", otherwise: false) == true)
            {
                _stop.Add(unit);
                _start.Add(unit);
            }

            return "";
        }

        if (difference == UnitDifference.Reload)
        {
            _reload.Add(unit);
            return "";
        }

        return unit.Text switch
        {
            "-.mount" or "nix.mount" => Put(_reload, unit, "the file system it is on cannot be taken away"),
            var name when name.EndsWith(".slice", StringComparison.Ordinal) || name.EndsWith(".path", StringComparison.Ordinal) || NeverRestarted.Contains(name) => "systemd's reload is enough for this kind",
            var name when name.EndsWith(".socket", StringComparison.Ordinal) => "sockets are left as they are until their service restarts",
            var name when name.EndsWith(".mount", StringComparison.Ordinal) => Put(_restart, unit, ""),
            _ => Modify(unit, settings),
        };
    }

    private string Modify(UnitName unit, UnitFile? settings)
    {
        if (settings?.Flag("Service", "X-ReloadIfChanged", otherwise: false) == true)
        {
            return Put(_reload, unit, "it asks for a reload instead of a restart");
        }

        if (settings is not null && !settings.Flag("Service", "X-RestartIfChanged", otherwise: true))
        {
            return Put(_kept, unit, "it asks not to be restarted");
        }

        if (settings is not null && (settings.Flag("Unit", "RefuseManualStop", otherwise: false) || settings.Flag("Unit", "X-OnlyManualStart", otherwise: false)))
        {
            return Put(_kept, unit, "it may only be stopped by systemd itself, or only be started by hand");
        }

        if (!unit.Text.EndsWith(".service", StringComparison.Ordinal) || settings?.Flag("Service", "X-StopIfChanged", otherwise: true) == false)
        {
            return Put(_restart, unit, "");
        }

        _stop.Add(unit);
        return StopSockets(unit, settings) ? Put(_onDemand, unit, "its socket starts it again with the next connection") : Put(_start, unit, "");
    }

    private bool StopSockets(UnitName unit, UnitFile? settings)
    {
        var named = (settings?.Values("Service", "Sockets") ?? []).SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var activated = false;
        foreach (var name in named.Count > 0 ? named : [unit.Short + ".socket"])
        {
            if (running.Known && UnitName.TryParse(name, out var socket) && running.Runs(socket))
            {
                _stop.Add(socket);
                if (!files.Changed.Contains(socket) || files.InNew(socket))
                {
                    _start.Add(socket);
                    activated = true;
                }
            }
        }

        return activated && settings?.Flag("Service", "X-NotSocketActivated", otherwise: false) != true;
    }

    private static string Put(SortedSet<UnitName> where, UnitName unit, string why)
    {
        where.Add(unit);
        return why;
    }

    private UnitFate FateOf(UnitName unit) =>
        _stop.Contains(unit) ? (_start.Contains(unit) ? UnitFate.StopAndStart : _onDemand.Contains(unit) ? UnitFate.StopUntilAsked : UnitFate.Stop)
        : _restart.Contains(unit) ? UnitFate.Restart
        : _start.Contains(unit) ? UnitFate.Start
        : _reload.Contains(unit) ? UnitFate.Reload
        : UnitFate.KeptRunning;

    private static UnitFate Worst(UnitFileChange change, ImmutableSortedDictionary<UnitName, UnitFate> fates) =>
        change.Running.Append(change.Unit).Max(unit => fates.GetValueOrDefault(unit, UnitFate.Untouched));
}
