using System.Collections.Immutable;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>Reads a server's chain as far as is needed, holds it against the copy, and copies what is new.</summary>
internal sealed class ChainRound(Server server, LedgerStore store, RemoteDatabase database, StandingBook book, ChainAllowance allowance, TimeProvider time)
{
    private const int PortionMost = 2_000;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private DateTimeOffset _comparedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _epochAt = DateTimeOffset.MinValue;
    private DateTimeOffset? _readWholeAt;
    private (long Id, DateTimeOffset At) _headSeen;
    private bool _isSlowed;

    // Rows before the newest that each reading compares, more than a page holds: enough to see that the end is another one; where it begins to be is then looked for.
    private long Overlap => Math.Max(32, database.Header.PageSize / 128);

    /// <param name="compareAll">Everything is to be compared, and not only what has changed.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Whether everything was compared, and in which time it has to be read again; null: with its next event.</returns>
    public async Task<(bool ComparedAll, TimeSpan? Again)> RunAsync(bool compareAll, CancellationToken stop)
    {
        var (walk, began) = (new TableWalk(database), time.GetUtcNow());
        if (await ChainTables.ReadAsync(walk, stop) is not { } tables)
        {
            return (false, null);
        }

        var end = new ChainCopy(store, server.OrganisationId, server.Id.Value, book.StandingOrNew.Epoch).End();
        var all = end.Count == 0 || compareAll || database.IsReopened || time.GetUtcNow() - _comparedAt > ChainMirror.Round || IsOldTouched(walk, tables, end.Id);
        var comparing = await CompareAsync(walk, tables, all ? 0 : Math.Max(0, end.Id - Overlap), stop);
        if (!all && (comparing.IsAnother || comparing.Worst is { Status: ChainStatus.Rehashed }))
        {
            // That the end is not what it was: where it begins to be another one is further up.
            comparing = await CompareAsync(walk, tables, 0, stop);
            all = true;
        }

        _comparedAt = all ? time.GetUtcNow() : _comparedAt;
        var verdict = comparing.Worst ?? ChainJudge.Verdict(ChainStatus.Verified, null, "There are no events yet.");
        if (verdict.Status == ChainStatus.Broken)
        {
            verdict = comparing.Broken ?? verdict;      // of several the first is told
        }
        else
        {
            verdict = comparing.Warnings.FirstOrDefault(first => first.Status == verdict.Status) ?? verdict;
        }

        foreach (var warning in comparing.Warnings)
        {
            await book.JudgedAsync(warning, isAnother: false);
        }

        if (verdict.Status != ChainStatus.Broken && comparing.Broken is { } broken)
        {
            await book.JudgedAsync(broken, isAnother: false);
        }

        await book.JudgedAsync(verdict, comparing.IsAnother);

        // What the server shows now is kept beside what it showed before, so that both can be seen. What was announced comes once, and need not wait.
        if ((comparing.IsAnother || verdict.Status == ChainStatus.Rehashed) && (verdict.IsAnnouncedReset || time.GetUtcNow() - _epochAt > ChainMirror.EpochPause))
        {
            (_epochAt, _readWholeAt) = (time.GetUtcNow(), null);     // what is old is new to this copy
            await book.BeginEpochAsync();
            await CompareAsync(walk, tables, 0, stop);
        }

        _readWholeAt = _isSlowed || verdict.Status == ChainStatus.CatchingUp ? _readWholeAt : began;
        return (all, _isSlowed ? allowance.Pause : verdict.Status is ChainStatus.LastRowUnsettled or ChainStatus.CatchingUp ? Again : null);
    }

    private async Task<ChainComparing> CompareAsync(TableWalk walk, ChainTables tables, long after, CancellationToken stop)
    {
        var standing = book.StandingOrNew;
        var copy = new ChainCopy(store, server.OrganisationId, server.Id.Value, standing.Epoch);
        var head = await walk.HeadAsync(tables.Events, stop);
        _headSeen = _headSeen.Id == head ? _headSeen : (head, time.GetUtcNow());
        _isSlowed = false;
        var comparing = new ChainComparing(copy, tables, head, standing.AcceptedTo, _headSeen.At, standing.AnnouncedUntil, _readWholeAt);
        await foreach (var rows in walk.RowsAsync(tables.Events, after, stop))
        {
            foreach (var some in rows.Chunk(PortionMost))
            {
                var news = comparing.Take([.. some.Select(tables.Row)], time.GetUtcNow());
                var kept = allowance.Take(news.Select(row => Record(row, tables.Format, standing.Epoch, time.GetUtcNow()).Body.Length));
                await KeepAsync(news[..kept], tables.Format, standing.Epoch);
                var (id, count) = copy.End();
                book.Progress(id, count, head);
                if (kept < news.Length)
                {
                    _isSlowed = true;
                    comparing.Slow(after == 0, allowance.IsDiskFull
                        ? $"Copied up to event {id} of {head}. The disk of the dashboard is nearly full: nothing is copied until there is room."
                        : $"Copied up to event {id} of {head}. It writes more than is copied of one server in so short a time; the rest follows, as long as the server has it.");
                    return comparing;
                }
            }

            if (comparing.IsAnother)
            {
                break;
            }
        }

        comparing.End(after == 0, time.GetUtcNow());
        return comparing;
    }

    private async Task KeepAsync(ImmutableArray<ChainRow> rows, ChainFormat format, uint epoch)
    {
        if (!rows.IsEmpty)
        {
            var now = time.GetUtcNow();
            await store.AppendAsync(server.OrganisationId, [.. rows.Select(row => Record(row, format, epoch, now))], CancellationToken.None);
        }
    }

    private NewRecord Record(ChainRow row, ChainFormat format, uint epoch, DateTimeOffset now) => NewRecord.Of(row, format, server.Id.Value, epoch, now);

    // A row that was written since the last look and is older than the newest ones: somebody has been at what was.
    private bool IsOldTouched(TableWalk walk, ChainTables tables, long lastId) => walk.AnyRow(database.Fresh, lastId - Overlap, tables.IsLikeEvent);
}
