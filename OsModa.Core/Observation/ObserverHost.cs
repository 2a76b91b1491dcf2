using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Observation;

/// <summary>Observes every server of every organisation, and follows the list of servers as they come and go.</summary>
public sealed class ObserverHost(ServerDirectory directory, Fleet fleet, ShellOf shells, RemoteShells connections, GenerationArchive archive, LedgerStore ledger, TimeProvider time, ILogger<ObserverHost> log)
{
    // ssh takes about 50 ms of a processor for a new connection; a thousand at once would starve those that stand.
    private const int ConnectingAtOnce = 8;

    // Their pasts are read with two questions; more at once would be much memory.
    private const int BeginningAtOnce = 250;

    private static readonly TimeSpan TryListAgain = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ServerId, Watched> _watched = new();

    /// <summary>Watches until it is told to stop. Once in the life of this object.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var places = new Places(new SemaphoreSlim(ConnectingAtOnce), new SemaphoreSlim(1));
        var changes = Channel.CreateUnbounded<ServerChange>(new UnboundedChannelOptions { SingleReader = true });
        using var subscription = directory.Subscribe(change => changes.Writer.TryWrite(change));
        var chronicle = new Chronicle(archive, fleet, time, log);
        var writing = chronicle.RunAsync(stop);
        try
        {
            foreach (var some in (await ListAsync(stop)).Chunk(BeginningAtOnce))
            {
                await BeginAsync(some, chronicle, places, stop);
            }

            await foreach (var change in changes.Reader.ReadAllAsync(stop))
            {
                await FollowAsync(change, chronicle, places, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the program.
        }

        await Task.WhenAll(_watched.Keys.ToList().Select(EndAsync));
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Tries a server again at once, because a person asks; one that is watched without the right to act is asked whether it may by now. Not while one that stopped for its host key has none accepted: it stops again.</summary>
    public void Retry(ServerId server)
    {
        if (_watched.TryGetValue(server, out var watched))
        {
            watched.Observer.Retry();
        }
    }

    /// <summary>The copy of a server's own chain; null for a server that is not watched.</summary>
    public ChainMirror? ChainOf(ServerId server) => _watched.TryGetValue(server, out var watched) ? watched.Recording.Chain : null;

    /// <summary>Somebody looks at a server's generations: measures their closures unless they are measured. Real servers are measured without being asked.</summary>
    public void MeasureClosures(ServerId server)
    {
        if (_watched.TryGetValue(server, out var watched))
        {
            watched.Closures.Measure();
        }
    }

    private async Task<IReadOnlyList<Server>> ListAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await directory.ListAllAsync(stop);
            }
            catch (Exception failed) when (failed.IsDatabaseTrouble())
            {
                log.LogError(failed, "The list of servers cannot be read; it is tried again in {Seconds} seconds", TryListAgain.TotalSeconds);
                await Task.Delay(TryListAgain, time, stop);
            }
        }
    }

    private async Task FollowAsync(ServerChange change, Chronicle chronicle, Places places, CancellationToken stop)
    {
        try
        {
            switch (change.Kind)
            {
                case ServerChangeKind.Added when !_watched.ContainsKey(change.Server) && await directory.FindAnyAsync(change.Server, stop) is { } server:
                    await BeginAsync([server], chronicle, places, stop);
                    break;
                case ServerChangeKind.Changed:
                    await connections.ReleaseAsync(change.Server);
                    Retry(change.Server);
                    break;
                case ServerChangeKind.Removed:
                    await EndAsync(change.Server);
                    fleet.Remove(change.Server);
                    await connections.ReleaseAsync(change.Server);
                    break;
            }
        }
        catch (Exception failed) when (failed.IsDatabaseTrouble())
        {
            log.LogError(failed, "A new server cannot be read; it is watched from the next start of the dashboard on");
        }
        catch (Exception mistake) when (!stop.IsCancellationRequested)
        {
            // One server must never end the watching of others.
            log.LogError(mistake, "That {Server} was {Change} could not be followed by a mistake of the dashboard; the others are watched on", change.Server, change.Kind);
        }
    }

    private async Task BeginAsync(IReadOnlyCollection<Server> servers, Chronicle chronicle, Places places, CancellationToken stop)
    {
        var pasts = await RememberAsync([.. servers.Select(s => s.Id)], stop);
        foreach (var server in servers)
        {
            Begin(server, pasts.GetValueOrDefault(server.Id, ServerPast.None), chronicle, places, stop);
        }
    }

    private async Task<IReadOnlyDictionary<ServerId, ServerPast>> RememberAsync(IReadOnlyCollection<ServerId> servers, CancellationToken stop)
    {
        try
        {
            return await archive.LoadAsync(servers, stop);
        }
        catch (Exception failed) when (failed.IsDatabaseTrouble())
        {
            log.LogError(failed, "The history of generations of {Count} servers cannot be read; they are watched without it until the next start", servers.Count);
            return ImmutableDictionary<ServerId, ServerPast>.Empty;
        }
    }

    private void Begin(Server server, ServerPast past, Chronicle chronicle, Places places, CancellationToken stop)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var tools = new ObserverTools(fleet, shells, connections.ReleaseAsync, places.Connecting, time, log);
        var closures = new ClosureWatch(server, fleet, shells, places.Measuring, time, log);
        var recording = new ServerRecording(server, ledger, fleet, shells, time, log);
        var observer = new Observer(server.Id, tools)
        {
            Recording = recording,
            GenerationsChanged = () =>
            {
                chronicle.Mark(server);
                closures.Mark();
            },
        };
        recording.Chain.Judged = standing => observer.Post(new ServerEvent.ChainJudged(time.GetUtcNow(), standing));
        if (past != ServerPast.None)
        {
            observer.Post(new ServerEvent.HistoryLoaded(time.GetUtcNow(), past.Generations) { LastChange = past.LastChange });
        }

        _watched[server.Id] = new Watched(observer, closures, recording, end, Task.Run(() => Task.WhenAll(observer.RunAsync(end.Token), closures.RunAsync(observer, end.Token), recording.RunAsync(end.Token)), CancellationToken.None));
    }

    private async Task EndAsync(ServerId server)
    {
        if (_watched.TryRemove(server, out var watched))
        {
            await watched.End.CancelAsync();
            await watched.Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            watched.End.Dispose();
        }
    }

    private sealed record Watched(Observer Observer, ClosureWatch Closures, ServerRecording Recording, CancellationTokenSource End, Task Running);

    /// <param name="Connecting">Connections being made at a time.</param>
    /// <param name="Measuring">Closures being measured at a time.</param>
    private sealed record Places(SemaphoreSlim Connecting, SemaphoreSlim Measuring) : IDisposable
    {
        public void Dispose()
        {
            Connecting.Dispose();
            Measuring.Dispose();
        }
    }
}
