using OsModa.Core.Observation;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class FleetTests
{
    private readonly Fleet _fleet = new();
    private readonly ServerId _server = ServerId.New();
    private readonly List<ServerId> _told = [];

    [Fact]
    public void A_server_nobody_heard_of_is_never_heard() => Assert.Equal(Reach.Never, _fleet[_server].Reach);

    [Fact]
    public void A_change_is_told_and_counted()
    {
        using var subscription = _fleet.Subscribe(_told.Add);

        _fleet.Update(_server, s => s with { Reach = Reach.Live });
        _fleet.Update(_server, s => s);
        _fleet.Update(_server, s => s with { Reach = Reach.Live });

        Assert.Equal([_server], _told);
        Assert.Equal(1, _fleet.Version);
    }

    [Fact]
    public void That_a_server_was_heard_again_is_no_change_but_is_known()
    {
        _fleet.Update(_server, s => s with { Reach = Reach.Live });
        using var subscription = _fleet.Subscribe(_told.Add);

        _fleet.Update(_server, s => s with { HeardAt = DateTimeOffset.UnixEpoch });

        Assert.Empty(_told);
        Assert.Equal(DateTimeOffset.UnixEpoch, _fleet[_server].HeardAt);
    }

    [Fact]
    public void After_the_end_of_a_subscription_nothing_is_told()
    {
        _fleet.Subscribe(_told.Add).Dispose();

        _fleet.Update(_server, s => s with { Reach = Reach.Live });

        Assert.Empty(_told);
    }

    [Fact]
    public void A_removed_server_is_told_and_forgotten()
    {
        _fleet.Update(_server, s => s with { Reach = Reach.Live });
        using var subscription = _fleet.Subscribe(_told.Add, out var now);
        Assert.Equal(_server, Assert.Single(now).Server);

        _fleet.Remove(_server);
        _fleet.Remove(_server);

        Assert.Equal([_server], _told);
        Assert.Equal(Reach.Never, _fleet[_server].Reach);
    }

    [Fact]
    public async Task Between_the_states_and_the_calls_nothing_is_lost()
    {
        const int Last = 5_000;
        var subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Task.Run(
            async () =>
            {
                await subscribed.Task;
                for (var i = 1; i <= Last; i++)
                {
                    _fleet.Update(_server, s => s with { Host = new HostFacts { Cores = i } });
                }
            },
            TestContext.Current.CancellationToken);
        var subscriptions = new List<(IDisposable Subscription, int[] Newest)>();
        while (!writing.IsCompleted && subscriptions.Count < 50)
        {
            var newest = new int[1];
            var subscription = _fleet.Subscribe(id => Volatile.Write(ref newest[0], _fleet[id].Host!.Cores), out var now);
            Interlocked.CompareExchange(ref newest[0], now.FirstOrDefault()?.Host?.Cores ?? 0, 0);
            subscriptions.Add((subscription, newest));
            subscribed.TrySetResult();
        }

        await writing;

        Assert.NotEmpty(subscriptions);
        Assert.All(subscriptions, s => Assert.Equal(Last, s.Newest[0]));
        subscriptions.ForEach(s => s.Subscription.Dispose());
    }
}
