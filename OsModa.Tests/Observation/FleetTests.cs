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
        using var go = new Barrier(2);
        var writing = Task.Run(() =>
        {
            go.SignalAndWait();
            for (var i = 1; i <= 2_000; i++)
            {
                _fleet.Update(_server, s => s with { Host = new HostFacts { Cores = i } });
            }
        });
        go.SignalAndWait();
        for (var i = 0; i < 200; i++)
        {
            var newest = 0;
            using var subscription = _fleet.Subscribe(id => Volatile.Write(ref newest, _fleet[id].Host!.Cores), out var now);
            var seen = now.FirstOrDefault()?.Host?.Cores ?? 0;
            var there = _fleet[_server].Host?.Cores ?? 0;
            // Whatever is newer than the states given was told, at the latest with the next change.
            Assert.True(there <= seen + 1 || Volatile.Read(ref newest) > seen);
        }

        await writing;
    }
}
