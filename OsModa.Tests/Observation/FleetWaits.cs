using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Tests.Observation;

internal static class FleetWaits
{
    private static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(30);

    /// <summary>The first state from now on that is as asked for; fails, with the last state in words, when there is none in time.</summary>
    public static async Task<ServerState> UntilAsync(this Fleet fleet, ServerId server, Func<ServerState, bool> asked, TimeSpan? ceiling = null)
    {
        var found = new TaskCompletionSource<ServerState>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = fleet.Subscribe(_ => Look());
        Look();
        try
        {
            return await found.Task.WaitAsync(ceiling ?? Ceiling);
        }
        catch (TimeoutException late)
        {
            var now = fleet[server];
            throw new TimeoutException($"The state asked for did not come. It is {now.Reach} ({now.Fault?.Detail}), {now.Health}, {now.Units.Count} units, pins {now.Pins}, switch {now.Switch}, last change {now.LastChange}.", late);
        }

        void Look()
        {
            if (fleet[server] is var state && asked(state))
            {
                found.TrySetResult(state);
            }
        }
    }

    /// <summary>Waits until the server was heard at that time; a beat alone is no change that anybody is told of.</summary>
    public static Task UntilHeardAsync(this Fleet fleet, ServerId server, DateTimeOffset at) => Eventually.TrueAsync(() => fleet[server].HeardAt == at, seconds: 30);
}
