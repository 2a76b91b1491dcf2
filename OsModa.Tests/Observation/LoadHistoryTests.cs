using OsModa.Core.Observation;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class LoadHistoryTests
{
    private readonly Fleet _fleet = new();
    private readonly ServerId _server = new(Guid.NewGuid());

    [Fact]
    public void A_sample_is_taken_every_ten_seconds_of_what_is_known_by_then()
    {
        var clock = new HandClock();
        var history = new LoadHistory(_fleet, clock);
        using var stop = new CancellationTokenSource();
        Hear(0.5);

        _ = history.RunAsync(stop.Token);
        Hear(1.5);
        Hear(2.5);

        Assert.Equal([0.5], Loads(history));
        clock.Advance(LoadHistory.Every - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, history.Taken);
        Assert.Equal(0.25, (double)history.Of(_server)[0].Memory);
        Assert.Equal(0.5, (double)history.Of(_server)[0].Disk);
        stop.Cancel();
    }

    [Fact]
    public void No_more_than_an_hour_is_kept_and_the_oldest_goes_first()
    {
        var history = new LoadHistory(_fleet, TimeProvider.System);
        for (var i = 0; i < LoadHistory.Most + 3; i++)
        {
            Hear(i);
            history.Take();
        }

        Assert.Equal(TimeSpan.FromHours(1), LoadHistory.Every * LoadHistory.Most);
        Assert.Equal(Enumerable.Range(3, LoadHistory.Most).Select(i => (double)i), Loads(history));
        Assert.Equal(LoadHistory.Most + 3, history.Taken);
    }

    [Fact]
    public void What_was_not_heard_is_a_gap_and_a_server_that_was_removed_is_forgotten()
    {
        var history = new LoadHistory(_fleet, TimeProvider.System);
        Hear(1);
        history.Take();
        _fleet.Update(_server, static state => state with { Reach = Reach.Lost });
        history.Take();

        Assert.Equal([1, double.NaN], Loads(history));

        _fleet.Remove(_server);
        history.Take();

        Assert.Empty(history.Of(_server));
    }

    private IEnumerable<double> Loads(LoadHistory history) => history.Of(_server).Select(sample => (double)sample.Load1);

    private void Hear(double load) => _fleet.Update(_server, state => state with { Reach = Reach.Live, Load = new HostLoad(load, 100, 75, 200, 100, null) });
}
