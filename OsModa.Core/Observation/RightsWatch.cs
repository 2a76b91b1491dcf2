using Microsoft.Extensions.Logging;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>
/// Notices when a login that could only look may act. What a login may do is settled when it is let in, so it is asked over a connection
/// made for that alone: soon at first, while somebody may be working on it, and less and less often then, since each question that sudo refuses is in the server's log.
/// </summary>
/// <param name="server">Which server.</param>
/// <param name="fleet">Where it is seen.</param>
/// <param name="asked">A person wants it to be asked now.</param>
/// <param name="time">Clock.</param>
/// <param name="log">Log.</param>
internal sealed class RightsWatch(ServerId server, Fleet fleet, Nudge asked, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Completes when the server, which is watched by a login that may only look, says that it may act.</summary>
    /// <param name="probe">Starts probe.sh over a new connection.</param>
    /// <param name="stop">Stops.</param>
    public async Task CameAsync(Func<CancellationToken, Task<IRemoteRun>> probe, CancellationToken stop)
    {
        var pause = First;
        do
        {
            pause = await PauseAsync(pause, stop) ? First : TimeSpan.FromSeconds(Math.Min(2 * pause.TotalSeconds, Longest.TotalSeconds));
        }
        while (fleet[server] is not { Reach: Reach.Live, Host.MayAct: false } || !await MayActAsync(probe, stop));
    }

    // True: a person asks.
    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var person = asked.WaitAsync(either.Token);
        var timer = Task.Delay(pause, time, either.Token);
        var first = await Task.WhenAny(person, timer);
        await either.CancelAsync();
        await Task.WhenAll(person, timer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        return first == person;
    }

    private async Task<bool> MayActAsync(Func<CancellationToken, Task<IRemoteRun>> probe, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await using var run = await probe(either.Token);
            return (await ProbeResult.ReadAsync(run, either.Token)).MayAct;
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            var expected = failed is ConnectionException or FormatException or OperationCanceledException;
            log.Log(expected ? LogLevel.Debug : LogLevel.Error, failed, "{Server} did not say whether we may act there by now", server);
            return false;
        }
    }
}
