using OsModa.Core.Ssh;
using OsModa.Demo.Life;
using Xunit;

namespace OsModa.Tests.Demo;

public sealed class DemoCostTests
{
    [Fact]
    public async Task A_thousand_quiet_servers_beat_each_second_change_a_unit_each_ten_and_cost_next_to_nothing()
    {
        var clock = new HandClock();
        using var fleet = new DemoFleet(new DemoSettings { Servers = 1000, Quiet = true }, clock);
        var runs = new List<IRemoteRun>();
        foreach (var outline in fleet.Outline)
        {
            runs.Add(await fleet.ShellOf(outline).StartAsync(Listening.Observe, [], CancellationToken.None));
        }

        clock.Advance(TimeSpan.FromSeconds(10));
        var before = GC.GetAllocatedBytesForCurrentThread();
        clock.Advance(TimeSpan.FromSeconds(60));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        var frames = 0;
        for (var i = 0; i < runs.Count; i++)
        {
            await using var run = runs[i];
            var heard = await Listening.HearAsync(run, static () => { });
            if (i % 50 == 0)
            {
                Assert.True(Heard.State(heard) is { Units.Count: > 40, Generations.Length: 3 });
            }

            var live = heard.SkipWhile(static l => !l.StartsWith("end", StringComparison.Ordinal) || !l.Contains("\tsnapshot\t", StringComparison.Ordinal)).Skip(1).ToList();
            Assert.InRange(live.Count(static l => l.StartsWith("beat", StringComparison.Ordinal)), 69, 71);
            Assert.InRange(live.Count(static l => l.StartsWith("unit", StringComparison.Ordinal)), 6, 8);
            frames += live.Count;
        }

        // Beside the bytes of the frames themselves, in buffers that double, there is nothing to speak of.
        Assert.InRange(allocated / (frames * 6.0 / 7), 0, 600);
    }

    [Fact]
    public void A_fleet_of_any_size_is_made_of_named_servers_first_and_plain_ones_after()
    {
        using var small = new DemoFleet(new DemoSettings { Servers = 3 }, new HandClock());
        using var large = new DemoFleet(new DemoSettings { Servers = 40 }, new HandClock());
        using var quiet = new DemoFleet(new DemoSettings { Servers = 40, Quiet = true }, new HandClock());

        Assert.Equal(["web1", "web2", "web3"], small.Outline.Select(static o => o.Name));
        Assert.Equal(40, large.Outline.Select(static o => o.Id).Distinct().Count());
        Assert.Contains(large.Outline, static o => o.Name == "scout-eu");
        Assert.All(quiet.Outline, static o => Assert.Contains("fleet", o.Tags));
    }
}
