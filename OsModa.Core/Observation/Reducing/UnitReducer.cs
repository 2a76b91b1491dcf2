using System.Collections.Immutable;
using OsModa.Core.Agents;

namespace OsModa.Core.Observation;

/// <summary>What is told of units, taken into the state.</summary>
internal static class UnitReducer
{
    private const int UnitsMost = 4_096;

    public static ServerState Told(ServerState state, UnitReport report, DateTimeOffset at)
    {
        state.Units.TryGetValue(report.Unit, out var known);
        if (DoesNotExist(known, report.Change))
        {
            return known is null ? state : Removed(state, known, at);
        }

        if (known is null && state.Units.Count >= UnitsMost)
        {
            return state;
        }

        var next = UnitJudge.Judge(Merge(state, known, report, asOf: null, at), known, at);
        if (next == known)
        {
            return state;
        }

        var after = state with { Units = state.Units.SetItem(report.Unit, next) };
        return Noted(SwitchReducer.UnitTold(after, known, next, at), known, next, at);
    }

    /// <summary>Takes in the whole list: units that it does not name, and that were not told since it was read, are gone.</summary>
    public static ServerState Listed(ServerState state, ServerEvent.UnitsListed list)
    {
        var units = new Dictionary<UnitName, UnitState>(list.Reports.Length);
        var marks = new Dictionary<UnitName, string>();
        foreach (var report in list.Reports)
        {
            var known = units.TryGetValue(report.Unit, out var earlier) ? earlier : state.Units.GetValueOrDefault(report.Unit);
            if (DoesNotExist(known, report.Change) || (known is null && units.Count >= UnitsMost))
            {
                units.Remove(report.Unit);
                continue;
            }

            units[report.Unit] = Merge(state, known, report, list.AsOfMono, list.At);
            if (report.Change.Marker is { Length: > 0 } mark)
            {
                marks[report.Unit] = mark;
            }
        }

        var next = state;
        var builder = state.Units.ToBuilder();
        foreach (var (name, unit) in state.Units)
        {
            if (!units.ContainsKey(name) && unit.ChangedMono <= list.AsOfMono)
            {
                builder.Remove(name);
            }
        }

        foreach (var (name, merged) in units)
        {
            var known = state.Units.GetValueOrDefault(name);
            var unit = UnitJudge.Judge(merged with { Agent = AgentRule.AgentOf(name, marks.GetValueOrDefault(name)) }, known, list.At);
            if (unit != known)
            {
                builder[name] = unit;
                next = Noted(SwitchReducer.UnitTold(next, known, unit, list.At), known, unit, list.At);
            }
        }

        return next with { Units = builder.ToImmutable() };
    }

    public static ServerState Gone(ServerState state, UnitName name, DateTimeOffset at) =>
        !state.UnitsReloading && state.Units.TryGetValue(name, out var known) ? Removed(state, known, at) : state;

    /// <summary>Time has passed: loops that have been calm for a minute are over.</summary>
    public static ServerState Review(ServerState state, DateTimeOffset now)
    {
        if (state.ReviewAt is not { } due || now < due)
        {
            return state;
        }

        var next = state with { ReviewAt = null };
        foreach (var (name, unit) in state.Units)
        {
            if (unit.Health == UnitHealth.CrashLoop)
            {
                var judged = UnitJudge.Judge(unit, unit, now);
                next = Noted(judged == unit ? next : next with { Units = next.Units.SetItem(name, judged) }, unit, judged, now);
            }
        }

        return next;
    }

    /// <summary>Words about a unit in trouble explain it.</summary>
    public static ServerState Said(ServerState state, JournalWords words) =>
        words is { Unit: { } name, Text.Length: > 0 } && state.Units.TryGetValue(name, out var unit) && unit.Why != words.Text
            ? state with { Units = state.Units.SetItem(name, unit with { Why = words.Text }) }
            : state;

    private static ServerState Removed(ServerState state, UnitState known, DateTimeOffset at) =>
        SwitchReducer.UnitGone(state with { Units = state.Units.Remove(known.Name) }, known, at);

    // What a change of health means: a sentence for the fleet table, and for a loop a time to look at it again.
    private static ServerState Noted(ServerState state, UnitState? before, UnitState after, DateTimeOffset at)
    {
        if (after.Health == UnitHealth.CrashLoop)
        {
            var calm = UnitJudge.CalmAt(after, at);
            state = state.ReviewAt is { } due && due <= calm ? state : state with { ReviewAt = calm };
        }

        ChangeKind? kind = (before?.Health, after.Health) switch
        {
            (null, _) or (UnitHealth.Unknown, _) => null,
            (not UnitHealth.Failed, UnitHealth.Failed) => ChangeKind.UnitFailed,
            (not UnitHealth.CrashLoop, UnitHealth.CrashLoop) => ChangeKind.UnitCrashLoop,
            (not UnitHealth.Healthy, UnitHealth.Healthy) when WasInTrouble(state, after) => ChangeKind.UnitRecovered,
            _ => null,
        };
        return kind is { } what ? state with { LastChange = new LastChange(at, what, after.Name.Short, SwitchReducer.OursRuns(state)) } : state;
    }

    // Between its failure and its recovery a unit may be on its way for a while.
    private static bool WasInTrouble(ServerState state, UnitState unit) =>
        state.LastChange is { What: ChangeKind.UnitFailed or ChangeKind.UnitCrashLoop } last && last.Subject == unit.Name.Short;

    private static bool DoesNotExist(UnitState? known, UnitChange change) =>
        change.Load == "not-found" && (change.Activity ?? known?.Activity ?? UnitActivity.Inactive) is UnitActivity.Inactive or UnitActivity.Unknown;

    // What is not about the run of the unit is always taken; its states only if they are no older than what is known.
    private static UnitState Merge(ServerState state, UnitState? known, UnitReport report, long? asOf, DateTimeOffset at)
    {
        var change = report.Change;
        var unit = known ?? new UnitState { Name = report.Unit, Agent = AgentRule.AgentOf(report.Unit, change.Marker) };
        unit = unit with
        {
            Description = change.Description ?? unit.Description,
            Load = change.Load ?? unit.Load,
            UnitFile = change.UnitFile ?? unit.UnitFile,
            Enablement = change.Enablement ?? unit.Enablement,
            NeedsReload = change.NeedsReload ?? unit.NeedsReload,
            MemoryBytes = change.MemoryBytes is { } memory ? (memory < 0 ? null : memory) : unit.MemoryBytes,
            Agent = change.Marker is null ? unit.Agent : AgentRule.AgentOf(report.Unit, change.Marker),
        };
        var isOld = asOf is { } set && unit.ChangedMono > (change.ChangedMono ?? set);
        return isOld ? unit : TakeRun(unit, change, at, state.CountsAreOld);
    }

    private static UnitState TakeRun(UnitState unit, UnitChange change, DateTimeOffset at, bool countsAreOld) => unit with
    {
        Activity = change.Activity ?? unit.Activity,
        Sub = change.Sub ?? unit.Sub,
        Result = change.Result ?? unit.Result,
        ExitCode = change.ExitCode is { } code ? (code > 0 ? code : null) : unit.ExitCode,
        ExitStatus = change.ExitStatus is { } status ? ((change.ExitCode ?? unit.ExitCode ?? 0) > 0 ? status : null) : unit.ExitStatus,
        MainPid = change.MainPid is { } pid ? (pid > 0 ? pid : null) : unit.MainPid,
        StatusText = change.StatusText ?? unit.StatusText,
        Invocation = change.Invocation ?? unit.Invocation,
        ChangedAt = change.ChangedAt ?? unit.ChangedAt,
        ChangedMono = change.ChangedMono ?? unit.ChangedMono,
        ActiveSinceMono = change.ActiveSinceMono ?? unit.ActiveSinceMono,
        Restarts = change.Restarts ?? unit.Restarts,
        RestartsTold = unit.RestartsTold || change.Restarts is not null,
        RestartsSeen = change.Restarts is { } restarts && unit.RestartsTold && !countsAreOld ? UnitJudge.Count(unit, restarts, at) : unit.RestartsSeen,
    };
}
