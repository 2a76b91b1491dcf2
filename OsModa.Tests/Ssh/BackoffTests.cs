using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class BackoffTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public void Waits_double_from_a_second_to_a_minute()
    {
        var backoff = new Backoff(_clock, new Random(1));
        double[] longest = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        Assert.All(longest, seconds => Assert.InRange(backoff.Failed().TotalSeconds, seconds / 2, seconds));
    }

    [Fact]
    public void After_ten_minutes_of_trouble_they_grow_to_five_minutes()
    {
        var backoff = new Backoff(_clock, new Random(2));
        for (var i = 0; i < 12; i++)
        {
            backoff.Failed();
        }

        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.InRange(backoff.Failed().TotalSeconds, 150, 300);
    }

    [Fact]
    public void Chance_spreads_the_waits_of_many_servers()
    {
        var waits = Enumerable.Range(0, 1000).Select(seed => Failed(6, seed)).ToList();
        Assert.True(waits.Max() - waits.Min() > 25, "a minute's wait is spread over half a minute");
        Assert.InRange(waits.Average(), 44, 46);
    }

    [Fact]
    public void The_same_seed_gives_the_same_waits() => Assert.Equal(Failed(4, 7), Failed(4, 7));

    [Fact]
    public void A_connection_that_lasted_makes_the_next_wait_short()
    {
        var backoff = new Backoff(_clock, new Random(3));
        for (var i = 0; i < 6; i++)
        {
            backoff.Failed();
        }

        backoff.Connected();
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.InRange(backoff.Failed().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void A_connection_that_did_not_last_does_not()
    {
        var backoff = new Backoff(_clock, new Random(4));
        for (var i = 0; i < 6; i++)
        {
            backoff.Failed();
        }

        backoff.Connected();
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.InRange(backoff.Failed().TotalSeconds, 30, 60);
    }

    [Fact]
    public void A_person_who_asks_makes_the_next_wait_short()
    {
        var backoff = new Backoff(_clock, new Random(5));
        for (var i = 0; i < 6; i++)
        {
            backoff.Failed();
        }

        backoff.Reset();
        Assert.InRange(backoff.Failed().TotalSeconds, 0.5, 1);
    }

    private double Failed(int before, int seed)
    {
        var backoff = new Backoff(_clock, new Random(seed));
        for (var i = 0; i < before; i++)
        {
            backoff.Failed();
        }

        return backoff.Failed().TotalSeconds;
    }
}
