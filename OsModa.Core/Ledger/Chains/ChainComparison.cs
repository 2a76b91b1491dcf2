using System.Collections.Immutable;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Chains;

/// <summary>Rows that were read again, held against what we remember of them.</summary>
internal static class ChainComparison
{
    private const int MostDifferences = 100;

    /// <summary>Null when every row that we remember is as it was.</summary>
    public static ChainVerdict? Judge(ChainMemory memory, ChainReading reading)
    {
        var pairs = reading.Rows
            .Where(row => memory.Rows.ContainsKey(row.Event.Id))
            .Select(row => (Was: memory.Rows[row.Event.Id], Is: row))
            .ToList();
        var changed = pairs.Where(static pair => pair.Was.Hash != pair.Is.Hash || !SameFields(pair.Was, pair.Is)).ToList();
        if (changed.Count == 0)
        {
            return null;
        }

        var at = changed[0].Is.Event.Id;
        var differences = changed.SelectMany(static pair => Differences(pair.Was.Event, pair.Is.Event)).Take(MostDifferences).ToImmutableArray();
        if (differences.IsEmpty)
        {
            return changed.Count == pairs.Count
                ? ChainJudge.Verdict(ChainStatus.Rehashed, at, $"All {pairs.Count} events that were compared have new hashes and the same contents: their format was changed.", startsEpoch: true)
                : ChainJudge.Verdict(ChainStatus.Rewritten, at, $"From event {at} on hashes are new, though no contents are.", startsEpoch: true);
        }

        if (changed.Exists(static pair => SameFields(pair.Was, pair.Is)))
        {
            return ChainJudge.Verdict(ChainStatus.Rewritten, differences[0].Id, $"Event {differences[0].Id} was changed, and the events after it were hashed anew.", differences, startsEpoch: true);
        }

        if (changed[0].Was.LeftOut is not null || changed[0].Is.LeftOut is not null)
        {
            return ChainJudge.Verdict(ChainStatus.Rewritten, at, $"Event {at} was changed: it is not as long as it was.", differences, startsEpoch: true);
        }

        if (changed[0].Was.Hash == changed[0].Is.Hash)
        {
            return ChainJudge.Verdict(ChainStatus.Rewritten, at, $"Event {at} was changed and does not give its hash any more.", differences);
        }

        return OtherEvents(memory, pairs, changed[0], differences, reading);
    }

    // From one row on everything is another event. Whether that is a new beginning, a backup that was put back, or a second history: the first such row tells.
    private static ChainVerdict OtherEvents(ChainMemory memory, List<(ChainRow Was, ChainRow Is)> pairs, (ChainRow Was, ChainRow Is) first, ImmutableArray<FieldDifference> differences, ChainReading reading)
    {
        var at = first.Is.Event.Id;
        if (first.Is.Event.PreviousHash == TreeHash.Zero && pairs[0].Is == first.Is)
        {
            return reading.ReinstallAnnounced
                ? ChainJudge.Announced(at)
                : ChainJudge.Verdict(ChainStatus.Reset, at, $"The chain starts again at event {at}, and nobody announced that the server would be installed anew.", differences, startsEpoch: true);
        }

        return ChainJudge.Time(first.Is) > ChainJudge.Time(memory.Head)
            ? ChainJudge.Verdict(ChainStatus.Restored, at, $"The server went back to event {at - 1} and on from there, as after a restored backup.", differences, startsEpoch: true)
            : ChainJudge.Verdict(ChainStatus.Forked, at, $"From event {at} on the server now shows another history.", differences, startsEpoch: true);
    }

    private static bool SameFields(ChainRow was, ChainRow @is) => !Differences(was.Event, @is.Event).Any();

    private static IEnumerable<FieldDifference> Differences(UpstreamEvent was, UpstreamEvent @is) =>
        new[] { ("ts", was.Ts, @is.Ts), ("type", was.Type, @is.Type), ("actor", was.Actor, @is.Actor), ("payload", was.Payload, @is.Payload) }
            .Where(static field => field.Item2 != field.Item3)
            .Select(field => new FieldDifference(was.Id, field.Item1, field.Item2, field.Item3));
}
