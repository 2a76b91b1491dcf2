using System.Collections.Immutable;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>One reading of a server's chain, portion by portion: each is held against the copy, judged, and what is new of it is handed over.</summary>
/// <param name="copy">What we have.</param>
/// <param name="tables">Of the server.</param>
/// <param name="head">The newest event there.</param>
/// <param name="acceptedTo">Rows up to here that are wrong in themselves were accepted by a person.</param>
/// <param name="headSeenAt">When that newest event was first seen.</param>
/// <param name="announcedUntil">Until then it may begin anew (<see cref="ChainStanding.AnnouncedUntil"/>).</param>
/// <param name="readWholeAt">When all was read the last time before; does not matter while nothing is copied.</param>
internal sealed class ChainComparing(ChainCopy copy, ChainTables tables, long head, long acceptedTo, DateTimeOffset headSeenAt, DateTimeOffset? announcedUntil, DateTimeOffset? readWholeAt)
{
    private readonly (long Id, long Count) _end = copy.End();
    private readonly ChainRow? _headRow = copy.Head();
    private ChainRow? _before;
    private long _added;
    private long _known;
    private bool _anyAsItWas;
    private ImmutableArray<ChainVerdict> _warnings = [];

    /// <summary>Rows that were read.</summary>
    public long Seen { get; private set; }

    public ChainVerdict? Worst { get; private set; }

    /// <summary>The first event that does not verify; null when all do. There may be worse.</summary>
    public ChainVerdict? Broken { get; private set; }

    /// <summary>What the new rows warn of, of each kind the first: the worst verdict stands before others.</summary>
    public ImmutableArray<ChainVerdict> Warnings => _warnings;

    /// <summary>It is not the chain any more that was copied: there is no use in reading on.</summary>
    public bool IsAnother => Worst is { Status: ChainStatus.Cut or ChainStatus.Forked or ChainStatus.Rewritten or ChainStatus.Reset or ChainStatus.Restored } or { IsAnnouncedReset: true };

    /// <returns>Those of the portion that are new and are to be kept.</returns>
    public ImmutableArray<ChainRow> Take(ImmutableArray<ChainRow> rows, DateTimeOffset now)
    {
        if (rows.IsEmpty)
        {
            return [];
        }

        (Seen, _known) = (Seen + rows.Length, _known + rows.Count(row => row.Event.Id <= _end.Id));
        var known = copy.Rows(rows[0].Event.Id, Math.Min(rows[^1].Event.Id, _end.Id)).Select(was => Compared(was, rows)).OfType<ChainRow>().ToImmutableSortedDictionary(static row => row.Event.Id, static row => row);
        var news = rows.Where(row => row.Event.Id > _end.Id).ToImmutableArray();
        var verdict = Judge(rows, known, news.Length, now);
        if (verdict is { Status: ChainStatus.Rehashed } && _anyAsItWas)
        {
            verdict = ChainJudge.Verdict(ChainStatus.Rewritten, verdict.AtId, $"From event {verdict.AtId} on hashes are new, though no contents are.", startsEpoch: true);
        }

        Broken ??= verdict.Status == ChainStatus.Broken ? verdict : null;
        _anyAsItWas |= !known.IsEmpty && verdict.Status is not (ChainStatus.Rehashed or ChainStatus.Rewritten);
        Worst = Worst is null or { Status: ChainStatus.CatchingUp } || verdict.Status.Severity() >= Worst.Status.Severity() ? verdict : Worst;
        if (IsAnother || Worst.Status == ChainStatus.Rehashed)
        {
            return [];
        }

        news = verdict.Status == ChainStatus.LastRowUnsettled ? news.RemoveAll(row => row.Event.Id == verdict.AtId) : news;
        Warn(news, now);
        (_before, _added) = (rows[^1], _added + news.Length);
        return news;
    }

    /// <summary>No more of it is copied for now. What is worse than that stays. All that was copied before was read by then: whether any of that is missing shows here too.</summary>
    public void Slow(bool fromFirst, string sentence)
    {
        if (fromFirst && !IsAnother && _known < _end.Count)
        {
            Worst = ChainJudge.Verdict(ChainStatus.Cut, null, $"{_end.Count} events were there, now {_known} of them are.");
        }
        else if (Worst is null || Worst.Status.Severity() < ChainSeverity.Warning)
        {
            Worst = ChainJudge.Verdict(ChainStatus.Slowed, null, sentence);
        }
    }

    /// <summary>All rows from the first to the last were read: whether any is missing, which only that shows.</summary>
    public void End(bool fromFirst, DateTimeOffset now)
    {
        if (!IsAnother && (Seen == 0 || (fromFirst && Seen < _end.Count)))
        {
            Worst = ChainJudge.Judge(new ChainMemory(_headRow, _end.Count, ImmutableSortedDictionary<long, ChainRow>.Empty), Reading([], now) with { Count = fromFirst ? Seen : _end.Count });
        }
    }

    private void Warn(ImmutableArray<ChainRow> news, DateTimeOffset now)
    {
        var memory = new ChainMemory(Newest(_before), _end.Count, ImmutableSortedDictionary<long, ChainRow>.Empty);
        _warnings = [.. _warnings, .. ChainJudge.Warnings(memory, Reading(news, now)).Where(warning => _warnings.All(known => known.Status != warning.Status))];
    }

    // What is wrong in a row itself and was accepted is passed over; what comes behind it is judged as if it were right.
    private ChainVerdict Judge(ImmutableArray<ChainRow> rows, ImmutableSortedDictionary<long, ChainRow> known, int news, DateTimeOffset now)
    {
        var before = _before;
        while (true)
        {
            var memory = new ChainMemory(Newest(before), _end.Count, before is null ? known : known.SetItem(before.Event.Id, before));
            var verdict = ChainJudge.Judge(memory, Reading(rows, now) with { Count = _end.Count + _added + news });
            if (verdict is not { Status: ChainStatus.Broken, AtId: { } at } || at > acceptedTo || rows[^1].Event.Id == at)
            {
                return verdict is { Status: ChainStatus.Broken, AtId: { } last } && last <= acceptedTo ? ChainJudge.Verdict(ChainStatus.Verified, null, $"{_end.Count} events, all as they were copied.") : verdict;
            }

            var cut = rows.IndexOf(rows.First(row => row.Event.Id == at));
            (before, rows) = (rows[cut], rows[(cut + 1)..]);
        }
    }

    private ChainRow? Newest(ChainRow? before) => before is not null && (_headRow is null || before.Event.Id > _headRow.Event.Id) ? before : _headRow;

    // Of a row whose text we took out its hash is all that there is to compare; when that is another one, the link of the row after it tells.
    private static ChainRow? Compared(ChainRow was, ImmutableArray<ChainRow> rows) => was.IsRedacted ? rows.FirstOrDefault(row => row.Event.Id == was.Event.Id && row.Hash == was.Hash) : was;

    private ChainReading Reading(ImmutableArray<ChainRow> rows, DateTimeOffset now) => new(tables.Format, rows, head, _end.Count, tables.HighestEver, now, headSeenAt, now < announcedUntil) { AcceptedTo = acceptedTo, ReadWholeAt = _end.Count == 0 ? null : readWholeAt };
}
