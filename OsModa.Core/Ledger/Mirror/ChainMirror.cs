using Microsoft.Extensions.Logging;
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

    /// <summary>For so long it is no alarm that the chain of a server begins anew, after that was announced.</summary>
    public static readonly TimeSpan Announced = TimeSpan.FromHours(24);

    private static readonly TimeSpan Moved = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Server _server;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RemoteDatabase _database;
    private readonly StandingBook _book;
    private readonly ChainRound _round;
    private readonly Nudge _nudge = new();
    private string? _unreadable;
    private volatile bool _compareAll;
    private TimeSpan? _again;

    public ChainMirror(Server server, LedgerStore store, ShellOf shells, TimeProvider time, ILogger log)
        : this(server, store, shells, time, log, new ChainAllowance(time, () => store.FreeBytes))
    {
    }

    internal ChainMirror(Server server, LedgerStore store, ShellOf shells, TimeProvider time, ILogger log, ChainAllowance allowance)
    {
        (_server, _time, _log) = (server, time, log);
        _database = new RemoteDatabase(stop => shells(server.Id, stop));
        _book = new StandingBook(server, store, time);
        _round = new ChainRound(server, store, _database, _book, allowance, time);
    }

    /// <summary>Null: no chain was ever seen there.</summary>
    public ChainStanding? Standing => _book.Standing;

    /// <summary>Is told each standing, on the mirror's own path.</summary>
    public Action<ChainStanding>? Judged
    {
        get => _book.Judged;
        set => _book.Judged = value;
    }

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
        _book.Tell();
        await Task.WhenAll(ReadOnAsync(stop), MarkEachRoundAsync(stop));
    }

    /// <summary>A person has seen to what is wrong: it is not shown any more, and stays in the ledger.</summary>
    /// <param name="entry">Number of the entry that says what the person has seen.</param>
    /// <returns>False: something else stands there by now, which nobody has seen.</returns>
    internal Task<bool> AcceptAsync(long? entry) => _book.AcceptAsync(entry);

    /// <summary>The server will be installed anew: within <see cref="Announced"/> its chain may begin anew, once.</summary>
    /// <param name="by">Who says so.</param>
    internal Task AnnounceAsync(string by) => _book.AnnounceAsync(_time.GetUtcNow() + Announced, by);

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
                var told = _book.Notices;
                _again = null;
                await ReadAsync(stop);
                // A server whose chain is another one at each look must not fill the ledger with that.
                await Task.Delay(_again ?? (_book.Notices > told ? Moved : Pause), _time, stop);
            }
            while (_again is not null);
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            if (!await _database.LookAsync(stop))
            {
                await _book.GoneAsync();
                _book.Looked();
                return;
            }

            (var all, _again) = await _round.RunAsync(_compareAll, stop);
            _compareAll &= !all;
            _unreadable = null;
            _book.Looked();
        }
        catch (DatabaseMovedException)
        {
            _book.Failed();
            _again = Moved;      // what was copied so far stays; the next reading goes on behind it
        }
        catch (ConnectionException)
        {
            _book.Failed();      // the next connection asks again
        }
        catch (ForeignDatabaseException e)
        {
            if (_unreadable != e.Message)
            {
                _unreadable = e.Message;
                await _book.ForeignAsync(e.Message);
            }

            _book.Looked();
        }
        catch (LedgerDamagedException e)
        {
            _log.LogError(e, "The chain of {Server} is not copied; it is tried again in {Retry}", _server.Id, Retry);
            _book.Failed();
            _again = Retry;
        }
        catch (Exception mistake) when (mistake is not (OperationCanceledException or OutOfMemoryException))
        {
            _log.LogError(mistake, "Copying the chain of {Server} failed by a mistake of the dashboard; it is tried again in {Retry}", _server.Id, Retry);
            _book.Failed();
            _again = Retry;
        }
    }
}
