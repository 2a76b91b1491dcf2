using System.Collections.Concurrent;
using System.Data.Common;
using System.Text;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>What a server holds of our ledger.</summary>
/// <param name="Server">Which one.</param>
/// <param name="Size">Entries of the newest head that it holds.</param>
/// <param name="At">When it was given that.</param>
/// <param name="Trouble">It holds a head that this ledger does not continue: the ledger was rewritten or cut since. Null when all fit.</param>
public sealed record PlantedHead(ServerId Server, long Size, DateTimeOffset At, string? Trouble)
{
    /// <summary>It told something that this ledger did not sign, which proves nothing. Null when it did not.</summary>
    public string? Warning { get; init; }
}

/// <summary>
/// Leaves the newest signed head of an organisation's ledger on each of its servers, where whoever owns this dashboard's machine alone cannot change it, and holds what they kept before
/// against the ledger.
/// </summary>
public sealed class HeadPlanting(LedgerStore store, Fleet fleet, ServerDirectory directory, ShellOf shells, LedgerWriter ledger, TimeProvider time, ILogger<HeadPlanting> log)
{
    /// <summary>A server is given a new head at most this often.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private const int LinesMost = 64;
    private const string LastLine = "end";
    private const string NotSigned = "It holds a line that is no head which this ledger signed: somebody changed the file there, or the ledger has another key than it had. It goes on being given heads.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ServerId, PlantedHead> _planted = new();
    private readonly ConcurrentDictionary<ServerId, long> _asked = new();    // by the clock that nobody can set
    private readonly ConcurrentDictionary<(ServerId Server, Checkpoint Head), byte> _told = new();

    /// <summary>What the servers of an organisation hold; one that could not write what it was given is not among them.</summary>
    public IReadOnlyList<PlantedHead> Of(IEnumerable<ServerId> servers) => [.. servers.Select(server => _planted.GetValueOrDefault(server)).OfType<PlantedHead>()];

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(20), time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            foreach (var server in await ServersAsync(stop))
            {
                if (fleet[server.Id] is { Reach: Reach.Live, Host.MayAct: true } && !server.Simulated && IsDue(server.Id))
                {
                    await PlantAsync(server, stop);
                }
            }
        }
    }

    /// <summary>Gives one server the newest head and looks at what it kept.</summary>
    public async Task PlantAsync(Server server, CancellationToken stop)
    {
        try
        {
            if (store.Newest(server.OrganisationId) is not { } name || Newest(name) is not ({ } head, { } note))
            {
                return;
            }

            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
            // What contradicts us is evidence: nothing is put after it, which would push it out in the end.
            var contradicted = _planted.TryGetValue(server.Id, out var before) && before.Trouble is not null;
            var (kept, status) = await AskAsync(server.Id, name, contradicted ? null : note, either.Token);
            var (against, trouble, warning) = Judge(name, kept);
            if (status != 0 && trouble is null && !contradicted)
            {
                // It says what it has before it writes: whether that went well, its end tells.
                _planted.TryRemove(server.Id, out _);
                _asked[server.Id] = time.GetTimestamp();
                log.LogInformation("{Server} could not keep the newest head of the ledger (status {Status}); it is given to it again in {Pause}", server.Id, status, Pause);
                return;
            }

            _asked[server.Id] = time.GetTimestamp();
            _planted[server.Id] = new PlantedHead(server.Id, head.Size, time.GetUtcNow(), trouble) { Warning = warning };
            if (against is { Head: { } other } && _told.TryAdd((server.Id, other), 0))
            {
                // With what the server holds: it is signed, and the server may lose it.
                await ledger.NoticeAsync(LedgerActor.Dashboard(server.OrganisationId), "ledger.head-contradicted", $"{server.Name}: {trouble}", server.Id, LedgerVerbs.Details(("note", against.Note?.ToString())));
            }
        }
        catch (Exception e) when (e is ConnectionException or LedgerDamagedException or DbException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            log.LogInformation(e, "{Server} was not given the newest head of the ledger", server.Id);
        }
    }

    internal bool IsDue(ServerId server) => !_asked.TryGetValue(server, out var at) || time.GetElapsedTime(at) >= Pause;

    private async Task<IReadOnlyList<Server>> ServersAsync(CancellationToken stop)
    {
        try
        {
            return await directory.ListAllAsync(stop);
        }
        catch (DbException e)
        {
            log.LogError(e, "The list of servers cannot be read; heads are given to them in a moment");
            return [];
        }
    }

    private async Task<(List<KeptHead> Kept, int Status)> AskAsync(ServerId server, LogName name, SignedNote? note, CancellationToken stop)
    {
        var shell = await shells(server, stop);
        var line = note is null ? "" : KeptHead.LineOf(note);
        var run = await shell.StartAsync(RemoteScript.Embedded("plant-head.sh") with { NeedsRoot = true }, [Sha256.Plain(Encoding.UTF8.GetBytes(name.Origin)).ToHex(), line], stop);
        await using (run)
        {
            var kept = new List<KeptHead>();
            await foreach (var told in run.ReadLinesAsync(stop))
            {
                if (kept.Count < LinesMost && Encoding.ASCII.GetString(told.Span) is var text and not LastLine)
                {
                    kept.Add(KeptHead.Parse(text, name.Origin));
                }
            }

            return (kept, await run.ExitStatus.WaitAsync(stop));
        }
    }

    private (Checkpoint? Head, SignedNote? Note) Newest(LogName name)
    {
        using var reader = store.Open(name);
        return reader.NewestCheckpoint()?.Note is { } note && Checkpoint.TryParse(note.Text, out var head) ? (head, note) : (null, null);
    }

    // Only what we signed can contradict us. Lines of the former format, which nobody signed, are no matter as long as they fit.
    private (KeptHead? Against, string? Trouble, string? Warning) Judge(LogName name, List<KeptHead> kept)
    {
        using var reader = store.Open(name);
        var keys = store.KeysOf(reader);
        string? warning = null;
        foreach (var one in kept)
        {
            var why = one.Contradiction(reader);
            if (why is not null && one.IsSigned(keys))
            {
                return (one, why, null);
            }

            warning = why is not null || one.Head is null ? NotSigned : warning;
        }

        return (null, null, warning);
    }
}
