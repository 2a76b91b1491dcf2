using System.Collections.Immutable;

namespace OsModa.Core.Observation;

/// <summary>
/// The rule of <see cref="UnitHealth"/>. A service that runs three seconds and dies is <c>active</c> for systemd nearly all the time and never
/// hits its start limit, so restarts are counted: two within a minute are a crash loop, and one that waits for its next start after
/// a restart that did not last a minute is too. It has recovered when it was not restarted for a minute.
/// </summary>
internal static class UnitJudge
{
    private const int RestartsKept = 5;
    private const int RestartsOfALoop = 2;
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    // On its way from one start to the next, systemd calls a unit failed and then inactive for less than a millisecond each.
    private static readonly TimeSpan Passing = TimeSpan.FromMilliseconds(500);

    /// <summary>The unit with its health, and with the trace of a loop kept or dropped as time asks for.</summary>
    public static UnitState Judge(UnitState unit, UnitState? before, DateTimeOffset now)
    {
        DateTimeOffset? down = IsDown(unit) ? unit.DownSince ?? now : null;
        var seen = unit.RestartsSeen;
        var waits = WaitsAgain(unit, before, now);
        if (waits && before?.WaitsAgain != true)
        {
            seen = Add(seen, now);
        }

        var health = unit.Activity switch
        {
            UnitActivity.Unknown => UnitHealth.Unknown,
            UnitActivity.Failed or UnitActivity.Inactive when now - down < Passing && before?.Health == UnitHealth.CrashLoop => UnitHealth.CrashLoop,
            UnitActivity.Failed => UnitHealth.Failed,
            UnitActivity.Inactive => UnitHealth.Resting,
            _ when waits || Loops(seen, before, now) => UnitHealth.CrashLoop,
            UnitActivity.Active => UnitHealth.Healthy,
            _ => UnitHealth.Changing,
        };
        if (now - down >= Passing || (seen is [.., var last] && now - last >= Calm && !waits))
        {
            seen = [];
        }

        var waitedMono = IsWaiting(unit) ? unit.ChangedMono : unit.WaitedMono;
        return unit with { Health = health, RestartsSeen = seen, DownSince = down, WaitsAgain = waits, WaitedMono = waitedMono };
    }

    /// <summary>The newest restarts after the count has become <paramref name="restarts"/>. A lower count: it was started by hand, and counting begins anew.</summary>
    public static ImmutableArray<DateTimeOffset> Count(UnitState unit, int restarts, DateTimeOffset at)
    {
        var seen = restarts < unit.Restarts ? [] : unit.RestartsSeen;
        for (var more = Math.Min((long)restarts - unit.Restarts, RestartsKept); more > 0; more--)
        {
            seen = Add(seen, at);
        }

        return seen;
    }

    /// <summary>The earliest time at which a loop may be over, if nothing more happens.</summary>
    public static DateTimeOffset CalmAt(UnitState unit, DateTimeOffset now) =>
        unit.DownSince is { } down ? down + Passing
        : unit.RestartsSeen is [.., var last] && !unit.WaitsAgain ? last + Calm
        : now + Calm;

    private static bool Loops(ImmutableArray<DateTimeOffset> seen, UnitState? before, DateTimeOffset now)
    {
        var recent = seen.Count(at => now - at < Calm);
        return recent >= RestartsOfALoop || (before?.Health == UnitHealth.CrashLoop && recent > 0);
    }

    private static bool IsDown(UnitState unit) => unit.Activity is UnitActivity.Failed or UnitActivity.Inactive;

    // The count grows at the end of the wait, so only what it was at the beginning says whether this is the first time.
    private static bool WaitsAgain(UnitState unit, UnitState? before, DateTimeOffset now) =>
        IsWaiting(unit) && unit.Result is not ("success" or "")
        && (before is not null && IsWaiting(before) ? before.WaitsAgain : unit.Restarts > 0 && !HasRunWell(unit, now));

    // systemd's count is one of all restarts ever, so a crash every other day is told from a loop by how long the unit ran in
    // between. One that has not come up at all since it last waited has not run, whenever it was that it did.
    private static bool HasRunWell(UnitState unit, DateTimeOffset now) =>
        unit.ActiveSinceMono > unit.WaitedMono
        && unit.ChangedMono - unit.ActiveSinceMono >= Calm.TotalMicroseconds
        && !unit.RestartsSeen.Any(at => now - at < Calm);

    private static bool IsWaiting(UnitState unit) => unit.Activity == UnitActivity.Activating && unit.Sub.StartsWith("auto-restart", StringComparison.Ordinal);

    private static ImmutableArray<DateTimeOffset> Add(ImmutableArray<DateTimeOffset> seen, DateTimeOffset at) =>
        seen.Length < RestartsKept ? seen.Add(at) : seen.RemoveAt(0).Add(at);
}
