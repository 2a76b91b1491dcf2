using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// Fetches from every remote repository once a minute, each at a moment of its own within the minute. None waits for another: one whose host takes its time
/// is left alone until it has ended.
/// </summary>
public sealed class RemoteWatch(Remotes remotes, ConfigurationRepositories repositories, TimeProvider time, ILogger<RemoteWatch> log)
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1), Spread = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, Task> _under = new();

    /// <summary>Until it is stopped; then what is under way is broken off and waited for.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            // At the start nobody waits: what was pushed while the dashboard was away is wanted soon.
            for (var spread = Round / 12; ; spread = Spread)
            {
                await BeginAsync(spread, stop);
                await Task.Delay(Round, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(_under.Values);
        }
    }

    private async Task BeginAsync(TimeSpan spread, CancellationToken stop)
    {
        try
        {
            foreach (var organisation in await remotes.ConnectedAsync(stop))
            {
                if (!_under.TryGetValue(organisation, out var fetch) || fetch.IsCompleted)
                {
                    _under[organisation] = FetchAsync(organisation, spread * Random.Shared.NextDouble(), stop);
                }
            }
        }
        catch (Exception e) when (e.IsDatabaseTrouble())
        {
            log.LogError(e, "Which remote repositories there are could not be read; it is tried again in a minute");
        }
    }

    private async Task FetchAsync(Guid organisation, TimeSpan wait, CancellationToken stop)
    {
        try
        {
            await Task.Delay(wait, time, stop);
            await (await repositories.OfAsync(organisation)).FetchAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The dashboard ends.
        }
        catch (ConnectionException)
        {
            // The page of the organisation says so.
        }
        catch (Exception e)
        {
            log.LogError(e, "The remote repository of {Organisation} could not be fetched; it is tried again in a minute", organisation);
        }
    }
}
