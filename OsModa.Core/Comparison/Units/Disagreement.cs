using System.Collections.Immutable;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;

namespace OsModa.Core.Comparison;

/// <summary>A unit about which the rules and a dry run on the server say different things; the server is right.</summary>
public sealed record Disagreement(UnitName Unit, UnitFate ByRules, UnitFate ByServer)
{
    internal static ImmutableArray<Disagreement> Find(ImmutableSortedDictionary<UnitName, UnitFate> fates, UnitEffects dryRun)
    {
        var told = new SortedDictionary<UnitName, UnitFate>();
        Add(told, dryRun.LeftAlone, UnitFate.KeptRunning);
        Add(told, dryRun.Reloads, UnitFate.Reload);
        Add(told, dryRun.Starts, UnitFate.Start);
        Add(told, dryRun.Restarts, UnitFate.Restart);
        Add(told, dryRun.Stops, UnitFate.Stop);

        // Whether something that does not run is started hangs on the targets that want it, which neither side names whole.
        return
        [
            .. fates.Keys.Union(told.Keys).Order()
                .Select(unit => new Disagreement(unit, fates.GetValueOrDefault(unit, UnitFate.Untouched), told.GetValueOrDefault(unit, UnitFate.Untouched)))
                .Where(one => Rough(one.ByRules) != Rough(one.ByServer) && one is not ({ ByRules: UnitFate.Start, ByServer: UnitFate.Untouched } or { ByRules: UnitFate.Untouched, ByServer: UnitFate.Start }) && !one.Unit.Text.EndsWith(".target", StringComparison.Ordinal)),
        ];
    }

    private static void Add(SortedDictionary<UnitName, UnitFate> told, IEnumerable<UnitName> units, UnitFate fate)
    {
        foreach (var unit in units)
        {
            told[unit] = fate;
        }
    }

    // A dry run's lists do not tell a restart from a stop and a start, nor what a socket will do later.
    private static UnitFate Rough(UnitFate fate) => fate switch
    {
        UnitFate.StopAndStart => UnitFate.Restart,
        UnitFate.StopUntilAsked => UnitFate.Stop,
        _ => fate,
    };
}
