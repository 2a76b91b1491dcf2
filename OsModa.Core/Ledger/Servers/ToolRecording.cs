using System.Globalization;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Ledger.Servers;

/// <summary>
/// Takes the calls of tools that osModa's teachd tells of one server over to the ledger: a second source, which the server's own chain is held against. It is asked where there is such a chain, once a minute,
/// and where it has nothing to say, once in ten. Nothing is written there.
/// </summary>
internal sealed class ToolRecording
{
    public const string Source = "teachd of the server";

    private const double AtOnce = 2_000, PerSecond = 0.5;
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Server _server;
    private readonly ChainMirror _chain;
    private readonly LedgerStore _store;
    private readonly Fleet _fleet;
    private readonly ShellOf _shells;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HostAllowance _allowance;
    private ToolMark? _mark;
    private DateTimeOffset? _cutSince;

    public ToolRecording(Server server, ChainMirror chain, LedgerStore store, Fleet fleet, ShellOf shells, TimeProvider time, ILogger log) =>
        (_server, _chain, _store, _fleet, _shells, _time, _log, _allowance) = (server, chain, store, fleet, shells, time, log, new HostAllowance(time, AtOnce, PerSecond));

    private SemaphoreSlim OneAtATime { get; } = new(1);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(await IsAnsweredAsync(stop) ? Round : Rest, _time, stop);
        }
    }

    /// <summary>One look.</summary>
    /// <returns>False: nobody answered.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    /// <exception cref="FormatException">The answer makes no sense.</exception>
    /// <exception cref="LedgerDamagedException">It cannot be written down; it is told again with the next look.</exception>
    internal async Task<bool> LookAsync(CancellationToken stop)
    {
        await OneAtATime.WaitAsync(stop);
        try
        {
            _mark ??= ToolMark.Load(_store, _server, _time.GetUtcNow());
            using var patience = new CancellationTokenSource(Patience, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
            if (await ToolAnswer.AskAsync(await _shells(_server.Id, either.Token), _mark.Since, either.Token) is not { } answer)
            {
                return false;
            }

            await KeepAsync(_mark, answer);
            return true;
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private async Task<bool> IsAnsweredAsync(CancellationToken stop)
    {
        if (_chain.Standing is null || _fleet[_server.Id].Reach != Reach.Live)
        {
            return true;        // nothing was asked
        }

        try
        {
            return await LookAsync(stop);
        }
        catch (Exception e) when (e is ConnectionException or FormatException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            _log.LogInformation(e, "teachd of {Server} did not tell which tools were called; it is asked again in {Rest}", _server.Id, Rest);
            return false;
        }
        catch (LedgerDamagedException e)
        {
            _log.LogError(e, "Which tools were called on {Server} is not in the ledger; it is tried again in {Rest}", _server.Id, Rest);
            return false;
        }
        catch (Exception mistake) when (mistake is not (OperationCanceledException or OutOfMemoryException))
        {
            _log.LogError(mistake, "Which tools were called on {Server} could not be asked by a mistake of the dashboard; it is tried again in {Rest}", _server.Id, Rest);
            return false;
        }
    }

    private async Task KeepAsync(ToolMark mark, ToolAnswer answer)
    {
        var (records, leftOut) = (new List<NewRecord>(), 0);
        foreach (var call in answer.Calls.Reverse().Where(call => !mark.Knows(call) && !ToolEvents.NeedsNone(call.Tool)).DistinctBy(static call => call.Id).OrderBy(static call => call.At))
        {
            if (_allowance.Take())
            {
                records.Add(Notice(call));
            }
            else
            {
                leftOut++;
            }
        }

        if (leftOut > 0)
        {
            records.Add(Notice(HostVerbs.LeftOut, "", $"{leftOut} calls of tools are not in the ledger: its teachd tells of more than a server may.", ("count", Number(leftOut))));
        }

        // The newest come first: what is between them and those that were told before was not told.
        if (!answer.IsWhole && _cutSince != mark.Since && !answer.Calls.Any(mark.Knows))
        {
            _cutSince = mark.Since;
            records.Add(Notice(HostVerbs.LeftOut, "", $"Its teachd tells of more calls of tools than are read at once: since {Time(mark.Since)} some may not be in the ledger."));
        }

        if (records.Count > 0)
        {
            await _store.AppendAsync(_server.OrganisationId, records, CancellationToken.None);
        }

        mark.Take(answer.Calls, _time.GetUtcNow());
    }

    private NewRecord Notice(ToolCall call) => Notice(
        HostVerbs.Tool, "agent", call.HasFailed ? $"Called {call.Tool}, which failed." : $"Called {call.Tool}.",
        ("tool", call.Tool), ("session", call.Session), ("id", call.Id), ("at", Time(call.At)), ("result", call.HasFailed ? "failed" : ""));

    private NewRecord Notice(string verb, string who, string text, params ReadOnlySpan<(string Name, string? Value)> details) => NewRecord.Salted(
        RecordKind.Notice,
        new ActionBody { Verb = verb, Who = who, Server = _server.Id.Value, Text = text, Details = LedgerVerbs.Details(details).SetItem("source", Source) },
        _server.Id.Value,
        _time.GetUtcNow());

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
