using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Records;
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
    private static readonly TimeSpan LeftOutPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);

    private readonly Server _server;
    private readonly LedgerStore _store;
    private readonly Fleet _fleet;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HostAllowance _allowance;
    private readonly Channel<(int Run, LoggedEntry Entry)> _entries = Channel.CreateBounded<(int, LoggedEntry)>(new BoundedChannelOptions(WaitingMost) { SingleReader = true });
    private HostMark _mark;
    private long _leftOut;
    private DateTimeOffset _leftOutAt;
    private int _run;
    private int _fullRun;

    public ServerRecording(Server server, LedgerStore store, Fleet fleet, ShellOf shells, TimeProvider time, ILogger log)
    {
        Chain = new ChainMirror(server, store, shells, time, log);
        (_server, _store, _fleet, _time, _log) = (server, store, fleet, time, log);
        _allowance = new HostAllowance(time);
        _mark = HostMark.Load(store, server.Id.Value);
    }

    /// <summary>The copy of the chain that agentd keeps there.</summary>
    public ChainMirror Chain { get; }

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

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(WriteToTheEndAsync(stop), Chain.RunAsync(stop));

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
            mark = Add(records, mark, entry);
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

    private HostMark Add(List<NewRecord> records, HostMark mark, LoggedEntry entry)
    {
        if (mark.Boot != entry.Boot)
        {
            if (mark.Boot != Guid.Empty)
            {
                Keep(records, entry, new HostEvent(HostVerbs.Boot, "", "The server has started.", LedgerVerbs.Details(("boot", entry.Boot.ToString("D")))));
            }

            mark = mark with { Boot = entry.Boot };
        }

        if (JournalEvents.Read(entry) is { } happened && !_allowance.IsRepeated(happened, entry))
        {
            (happened, var system) = WithGenerations(happened, mark.System);
            mark = mark with { System = system };
            Keep(records, entry, happened);
        }

        TellLeftOut(records);
        return mark with { Cursor = entry.Cursor };
    }

    // The journal names systems; people name generations. Which way it went is known from the switch before.
    private (HostEvent Happened, string System) WithGenerations(HostEvent happened, string before)
    {
        if (happened.Verb is not (HostVerbs.Switch or HostVerbs.SwitchFailed))
        {
            return (happened, before);
        }

        var system = happened.Details["system"];
        var (from, to) = (Number(before), Number(system));
        var details = happened.Details;
        details = to is { } t ? details.SetItem("to", t.ToString(CultureInfo.InvariantCulture)) : details;
        details = from is { } f && before != system ? details.SetItem("from", f.ToString(CultureInfo.InvariantCulture)) : details;
        return happened.Verb == HostVerbs.SwitchFailed
            ? (happened with { Details = details }, before)
            : (happened with { Verb = to < from ? HostVerbs.RollBack : HostVerbs.Switch, Details = details }, system);
    }

    private int? Number(string system) => _fleet[_server.Id].Generations.Where(g => g.System.Text == system).Select(g => (int?)g.Number).Max();

    private void Keep(List<NewRecord> records, LoggedEntry entry, HostEvent happened)
    {
        if (!_allowance.Take())
        {
            _leftOut++;
            return;
        }

        var details = happened.Details.SetItem("source", Source);
        details = entry.Words.At is { } at ? details.SetItem("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)) : details;
        records.Add(Notice(happened with { Details = details }));
    }

    // The count is in memory alone: what is not told at the end never is.
    private async Task TellLastLeftOutAsync()
    {
        var records = new List<NewRecord>();
        _leftOutAt = DateTimeOffset.MinValue;
        TellLeftOut(records);
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

    private void TellLeftOut(List<NewRecord> records)
    {
        if (_leftOut == 0 || _time.GetUtcNow() - _leftOutAt < LeftOutPause)
        {
            return;
        }

        records.Add(Notice(new HostEvent(HostVerbs.LeftOut, "", $"{_leftOut} entries of its journal are not in the ledger: it writes more than a server may.", LedgerVerbs.Details(("count", $"{_leftOut}"), ("source", Source)))));
        (_leftOut, _leftOutAt) = (0, _time.GetUtcNow());
    }

    private NewRecord Notice(HostEvent happened) => NewRecord.Salted(
        RecordKind.Notice,
        new ActionBody { Verb = happened.Verb, Who = happened.Who, From = happened.From, Server = _server.Id.Value, Text = happened.Text, Details = happened.Details },
        _server.Id.Value,
        _time.GetUtcNow());
}
