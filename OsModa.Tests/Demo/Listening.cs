using System.Text;
using OsModa.Core.Observation;
using OsModa.Core.Ssh;
using OsModa.Demo.Life;

namespace OsModa.Tests.Demo;

/// <summary>Reads what simulated servers say, on a clock moved by hand.</summary>
internal static class Listening
{
    public static RemoteScript Observe { get; } = ObserveScript.Whole;

    /// <summary>The way to a server, as the dashboard has it after the seed.</summary>
    public static IRemoteShell ShellOf(this DemoFleet fleet, ServerOutline server) => fleet.Shell(DemoSeed.Row(server, Guid.NewGuid(), DateTimeOffset.UnixEpoch));

    /// <summary>Everything that is said until the clock has moved on by <paramref name="duration"/>.</summary>
    public static async Task<List<string>> HearAsync(DemoFleet fleet, ServerOutline server, HandClock clock, TimeSpan duration)
    {
        await using var run = await fleet.ShellOf(server).StartAsync(Observe, [], CancellationToken.None);
        return await HearAsync(run, () => clock.Advance(duration));
    }

    /// <summary>Everything that a run says until <paramref name="meanwhile"/> is over.</summary>
    public static async Task<List<string>> HearAsync(IRemoteRun run, Action meanwhile)
    {
        var heard = new List<string>();
        using var enough = new CancellationTokenSource();
        meanwhile();
        await using var lines = run.ReadLinesAsync(enough.Token).GetAsyncEnumerator();
        try
        {
            while (true)
            {
                var next = lines.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    // Nothing more is on its way: the clock stands still, so nothing more will come.
                    await enough.CancelAsync();
                }

                if (!await next)
                {
                    return heard;
                }

                heard.Add(Encoding.UTF8.GetString(lines.Current.Span));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ConnectionException)
        {
            return heard;
        }
    }
}
