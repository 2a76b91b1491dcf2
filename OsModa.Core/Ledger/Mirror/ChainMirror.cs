using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>
/// Copies the chain that osModa's agentd keeps on one server into the ledger, event by event as they are written there, and judges whether it still is what was copied. It reads the
/// database's files over SSH and never writes. Each change of the verdict is an entry of the ledger.
/// </summary>
public sealed class ChainMirror
{
    /// <summary>Everything is compared anew this often: what somebody changes in the file itself, past SQLite, shows in no other way.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromHours(24);

    /// <summary>A chain that is another one is copied anew at most this often.</summary>
    public static readonly TimeSpan EpochPause = TimeSpan.FromMinutes(10);

    private const int FieldsMost = 4_096;
    private const int PortionMost = 2_000;
    private const int DifferencesTold = 20;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Server _server;
    private readonly LedgerStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RemoteDatabase _database;
    private readonly Nudge _nudge = new();
    private DateTimeOffset _comparedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _epochAt = DateTimeOffset.MinValue;
    private (long Id, DateTimeOffset At) _headSeen;
    private string? _unreadable;
    private volatile bool _compareAll;
    private volatile bool _again;

    public ChainMirror(Server server, LedgerStore store, ShellOf shells, TimeProvider time, ILogger log)
    {
        (_server, _store, _time, _log) = (server, store, time, log);
        _database = new RemoteDatabase(stop => shells(server.Id, stop));
        Standing = ChainStanding.Load(store, server.Id.Value);
    }

    /// <summary>Null: no chain was ever seen there.</summary>
    public ChainStanding? Standing { get; private set; }

    /// <summary>Is told each standing, on the mirror's own path.</summary>
    public Action<ChainStanding>? Judged { get; set; }

    // Rows before the newest that each reading compares, more than a page holds: enough to see that the end is another one; where it begins to be is then looked for.
    private long Overlap => Math.Max(32, _database.Header.PageSize / 128);

    /// <summary>The server's database has changed, or it is not known whether it has.</summary>
    public void Mark() => _nudge.Give();

    /// <summary>A person wants everything compared now.</summary>
    public void CompareAll()
    {
        _compareAll = true;
        Mark();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        Tell();
        await Task.WhenAll(ReadOnAsync(stop), MarkEachRoundAsync(stop));
    }

    private async Task MarkEachRoundAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Round, _time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            CompareAll();
        }
    }

    private async Task ReadOnAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await _nudge.WaitAsync(stop);
            do
            {
                _again = false;
                await ReadAsync(stop);
                await Task.Delay(_again ? Again : Pause, _time, stop);
            }
            while (_again);
        }
    }

    /// <summary>A person has seen to what is wrong: it is not shown any more, and stays in the ledger.</summary>
    internal Task AcceptAsync() => Standing is not { } standing ? Task.CompletedTask : SetAsync(
        standing with { Status = ChainStatus.Verified, AtId = null, Sentence = $"{standing.Copied} events. What was wrong before was accepted by a person.", Since = _time.GetUtcNow(), AcceptedTo = Math.Max(standing.AcceptedTo, standing.Head) }, []);

    private async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            if (!await _database.LookAsync(stop))
            {
                await GoneAsync();
                return;
            }

            await CompareAsync(stop);
            _unreadable = null;
        }
        catch (DatabaseMovedException)
        {
            _again = true;      // what was copied so far stays; the next reading goes on behind it
        }
        catch (ConnectionException)
        {
            // The next connection asks again.
        }
        catch (ForeignDatabaseException e)
        {
            if (_unreadable != e.Message)
            {
                _unreadable = e.Message;
                await SetAsync((Standing ?? New()) with { Status = ChainStatus.Broken, AtId = null, Sentence = e.Message, Since = _time.GetUtcNow() }, []);
            }
        }
        catch (LedgerDamagedException e)
        {
            _log.LogError(e, "The chain of {Server} is not copied", _server.Id);
        }
        catch (Exception mistake) when (mistake is not (OperationCanceledException or OutOfMemoryException))
        {
            _log.LogError(mistake, "Copying the chain of {Server} failed by a mistake of the dashboard; it is tried again with its next event", _server.Id);
        }
    }

    private async Task CompareAsync(CancellationToken stop)
    {
        var walk = new TableWalk(_database);
        if (await ChainTables.ReadAsync(walk, stop) is not { } tables)
        {
            return;
        }

        var standing = Standing ?? New();
        var end = new ChainCopy(_store, _server.OrganisationId, _server.Id.Value, standing.Epoch).End();
        var all = end.Count == 0 || _compareAll || _database.IsReopened || _time.GetUtcNow() - _comparedAt > Round || IsOldTouched(walk, tables, end.Id);
        var comparing = await RunAsync(walk, tables, standing, all ? 0 : Math.Max(0, end.Id - Overlap), stop);
        if (!all && (comparing.IsAnother || comparing.Worst is { Status: ChainStatus.Rehashed }))
        {
            // That the end is not what it was: where it begins to be another one is further up.
            comparing = await RunAsync(walk, tables, standing, 0, stop);
            all = true;
        }

        if (all)
        {
            (_comparedAt, _compareAll) = (_time.GetUtcNow(), false);
        }

        await JudgedAsync(comparing.Worst, comparing.IsAnother, walk, tables, stop);
    }

    private async Task<ChainComparing> RunAsync(TableWalk walk, ChainTables tables, ChainStanding standing, long after, CancellationToken stop)
    {
        var copy = new ChainCopy(_store, _server.OrganisationId, _server.Id.Value, standing.Epoch);
        var head = await walk.HeadAsync(tables.Events, stop);
        _headSeen = _headSeen.Id == head ? _headSeen : (head, _time.GetUtcNow());
        var comparing = new ChainComparing(copy, tables, head, standing.AcceptedTo, _headSeen.At);
        await foreach (var rows in walk.RowsAsync(tables.Events, after, stop))
        {
            foreach (var some in rows.Chunk(PortionMost))
            {
                var news = comparing.Take([.. some.Select(tables.Row).OfType<ChainRow>()], _time.GetUtcNow());
                await KeepAsync(news, tables.Format, standing.Epoch, head);
            }

            if (comparing.IsAnother)
            {
                break;
            }
        }

        comparing.End(after == 0, _time.GetUtcNow());
        return comparing;
    }

    private async Task KeepAsync(ImmutableArray<ChainRow> rows, ChainFormat format, uint epoch, long head)
    {
        var kept = rows.Where(row => System.Text.Encoding.UTF8.GetByteCount(row.Event.Payload) <= LedgerRecord.MostBodyBytes - FieldsMost && row.Event.Type.Length + row.Event.Actor.Length + row.Event.Ts.Length < FieldsMost / 4).ToList();
        if (kept.Count > 0)
        {
            var now = _time.GetUtcNow();
            await _store.AppendAsync(_server.OrganisationId, kept.ConvertAll(row => NewRecord.Of(row, format, _server.Id.Value, epoch, now)), CancellationToken.None);
        }

        Progress(epoch, head);
    }

    private void Progress(uint epoch, long head)
    {
        var (id, count) = new ChainCopy(_store, _server.OrganisationId, _server.Id.Value, epoch).End();
        var standing = Standing ?? New();
        Standing = standing with
        {
            Copied = count,
            Head = head,
            ReadAt = _time.GetUtcNow(),
            Status = standing.Status.Severity() < ChainSeverity.Warning && id < head ? ChainStatus.CatchingUp : standing.Status,
            Sentence = standing.Status.Severity() < ChainSeverity.Warning && id < head ? $"Copied up to event {id} of {head}." : standing.Sentence,
        };
        Tell();
    }

    private async Task JudgedAsync(ChainVerdict? verdict, bool isAnother, TableWalk walk, ChainTables tables, CancellationToken stop)
    {
        var standing = Standing ?? New();
        verdict ??= ChainJudge.Verdict(ChainStatus.Verified, null, "There are no events yet.");
        _again |= verdict.Status is ChainStatus.LastRowUnsettled or ChainStatus.CatchingUp;
        var isWorse = verdict.Status.Severity() >= ChainSeverity.Warning
            ? verdict.Status.Severity() > standing.Status.Severity() || isAnother || verdict.Status == ChainStatus.Rehashed
            : standing.Status.Severity() < ChainSeverity.Warning && verdict.Status != standing.Status;
        if (isWorse)
        {
            standing = standing with { Status = verdict.Status, AtId = verdict.AtId, Sentence = verdict.Sentence, Since = _time.GetUtcNow() };
            await SetAsync(standing, verdict.Differences);
        }
        else
        {
            Standing = standing with { ReadAt = _time.GetUtcNow(), Sentence = verdict.Status == standing.Status && verdict.AtId == standing.AtId ? verdict.Sentence : standing.Sentence };
            Tell();
        }

        // What the server shows now is kept beside what it showed before, so that both can be seen.
        if ((isAnother || verdict.Status == ChainStatus.Rehashed) && _time.GetUtcNow() - _epochAt > EpochPause)
        {
            _epochAt = _time.GetUtcNow();
            standing = Standing! with { Epoch = Standing.Epoch + 1, AcceptedTo = 0 };
            await SaveAsync(standing, []);
            await RunAsync(walk, tables, standing, 0, stop);
        }
    }

    private async Task GoneAsync()
    {
        if (Standing is { Copied: > 0 } standing && standing.Status.Severity() < ChainSeverity.Alarm)
        {
            await SetAsync(standing with { Status = ChainStatus.Cut, AtId = 0, Sentence = $"The server's own ledger is gone: {standing.Copied} events were there.", Since = _time.GetUtcNow() }, []);
        }
    }

    private async Task SetAsync(ChainStanding standing, ImmutableArray<FieldDifference> differences)
    {
        var before = Standing?.Status ?? ChainStatus.Unknown;
        var isSilent = standing.Status is ChainStatus.CatchingUp or ChainStatus.LastRowUnsettled || (standing.Status == before && standing.Status == ChainStatus.Verified);
        await SaveAsync(standing, isSilent ? [] : [Notice(standing, before, differences)]);
    }

    private async Task SaveAsync(ChainStanding standing, IReadOnlyList<NewRecord> notice)
    {
        var numbers = await _store.AppendAsync(_server.OrganisationId, notice, group => standing.Save(group, _server.Id.Value), CancellationToken.None);
        if (numbers is [var number])
        {
            standing = standing with { Entry = number };
            await _store.RunAsync(group => standing.Save(group, _server.Id.Value));
        }

        Standing = standing;
        Tell();
    }

    private NewRecord Notice(ChainStanding standing, ChainStatus before, ImmutableArray<FieldDifference> differences)
    {
        var details = LedgerVerbs.Details(
            ("status", standing.Status.ToString()), ("was", before.ToString()), ("event", standing.AtId?.ToString(CultureInfo.InvariantCulture)),
            ("epoch", standing.Epoch.ToString(CultureInfo.InvariantCulture)), ("source", "chain of the server"));
        foreach (var (index, difference) in differences.Take(DifferencesTold).Index())
        {
            details = details.SetItem($"difference{index + 1:00}", $"event {difference.Id}, {difference.Field}: “{Short(difference.Was)}” became “{Short(difference.Is)}”");
        }

        return NewRecord.Of(
            RecordKind.Notice,
            new ActionBody { Verb = HostVerbs.ChainStatus, Server = _server.Id.Value, Text = standing.Sentence, Details = details },
            _server.Id.Value,
            _time.GetUtcNow());
    }

    // A row that was written since the last look and is older than the newest ones: somebody has been at what was.
    private bool IsOldTouched(TableWalk walk, ChainTables tables, long lastId) => walk.AnyRow(_database.Fresh, lastId - Overlap, tables.IsLikeEvent);

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;

    private ChainStanding New() => new(ChainStatus.Unknown, null, "", _time.GetUtcNow());

    private void Tell()
    {
        if (Standing is { } standing)
        {
            Judged?.Invoke(standing);
        }
    }
}
