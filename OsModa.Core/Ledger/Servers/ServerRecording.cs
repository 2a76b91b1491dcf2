using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Servers;

/// <summary>
/// Takes what one server writes into its journal over to the ledger of its organisation: the observer hands over entries, a task of its own understands and appends them, each together with
/// its place in the journal. What could not be appended is tried again, in its order, and read again with the next connection when that comes first.
/// </summary>
public sealed class ServerRecording
{
    public const string Source = "journal of the server";

    private const int WaitingMost = 4_096;
    private const int TogetherMost = 256;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);

    private readonly Server _server;
    private readonly LedgerStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HostRecords _records;
    private readonly Channel<(int Run, LoggedEntry Entry)> _entries = Channel.CreateBounded<(int, LoggedEntry)>(new BoundedChannelOptions(WaitingMost) { SingleReader = true });
    private HostMark _mark;
    private int _run;
    private int _fullRun;

    public ServerRecording(Server server, LedgerStore store, Fleet fleet, ShellOf shells, TimeProvider time, ILogger log)
    {
        Chain = new ChainMirror(server, store, shells, time, log);
        Tools = new ToolRecording(server, Chain, store, fleet, shells, time, log);
        (_server, _store, _time, _log) = (server, store, time, log);
        _records = new HostRecords(server.Id, fleet, time);
        _mark = HostMark.Load(store, server.Id.Value);
    }

    /// <summary>The copy of the chain that agentd keeps there.</summary>
    public ChainMirror Chain { get; }

    /// <summary>The calls of tools that osModa's teachd tells there.</summary>
    internal ToolRecording Tools { get; }

    /// <summary>A connection is about to begin: from where on the journal is wanted; null for from now on.</summary>
    public JournalCursor? Begin()
    {
        // What an earlier run left waiting comes again after the cursor.
        Interlocked.Increment(ref _run);
        return Volatile.Read(ref _mark).Cursor;
    }

    /// <summary>An entry has come. Never waits; one that finds no room is read again with the next connection, and so is all behind it.</summary>
    public void Take(LoggedEntry entry)
    {
        var run = Volatile.Read(ref _run);
        if (_fullRun != run && !_entries.Writer.TryWrite((run, entry)))
        {
            // What waits came before it and has no gap: it is written all the same.
            _fullRun = run;
            _log.LogWarning("{Server} writes faster into its journal than the ledger can take; the rest is read with the next connection", _server.Id);
        }
    }

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(WriteToTheEndAsync(stop), Chain.RunAsync(stop), Tools.RunAsync(stop));

    private async Task WriteToTheEndAsync(CancellationToken stop)
    {
        try
        {
            await WriteOnAsync(stop);
        }
        finally
        {
            await TellLastLeftOutAsync();
        }
    }

    private async Task WriteOnAsync(CancellationToken stop)
    {
        var entries = new List<LoggedEntry>();
        while (await _entries.Reader.WaitToReadAsync(stop))
        {
            entries.Clear();
            var run = Volatile.Read(ref _run);
            while (entries.Count < TogetherMost && _entries.Reader.TryRead(out var next))
            {
                if (next.Run == run)
                {
                    entries.Add(next.Entry);
                }
            }

            await WriteAsync(run, entries, stop);
        }
    }

    private async Task WriteAsync(int run, List<LoggedEntry> entries, CancellationToken stop)
    {
        var (mark, records) = (_mark, new List<NewRecord>());
        foreach (var entry in entries)
        {
            mark = _records.Add(records, mark, entry);
        }

        // Those that come meanwhile wait behind. A new run begins at the mark, and so brings these again.
        var failed = false;
        while (mark != _mark && !await AppendAsync(records, mark, isFirst: !failed))
        {
            failed = true;
            await Task.Delay(RetryPause, _time, stop);
            if (Volatile.Read(ref _run) != run)
            {
                return;
            }
        }
    }

    private async Task<bool> AppendAsync(List<NewRecord> records, HostMark mark, bool isFirst)
    {
        try
        {
            await _store.AppendAsync(_server.OrganisationId, records, group => mark.Save(group, _server.Id.Value), CancellationToken.None);
            Volatile.Write(ref _mark, mark);
            return true;
        }
        catch (LedgerDamagedException e)
        {
            _log.Log(isFirst ? LogLevel.Error : LogLevel.Debug, e, "What {Server} wrote into its journal is not in the ledger; it is tried again every {Pause}", _server.Id, RetryPause);
            return false;
        }
    }

    // The count is in memory alone: what is not told at the end never is.
    private async Task TellLastLeftOutAsync()
    {
        var records = new List<NewRecord>();
        _records.TellLastLeftOut(records);
        try
        {
            if (records.Count > 0)
            {
                await AppendAsync(records, _mark, isFirst: true);
            }
        }
        catch (ChannelClosedException)
        {
            // The ledger was closed first.
        }
    }
}
