using OsModa.Core.Nix;
using OsModa.Core.Ssh;
using OsModa.Demo.Life;
using Xunit;

namespace OsModa.Tests.Demo;

public sealed class DemoFleetTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly DemoFleet _fleet;

    public DemoFleetTests() => _fleet = new DemoFleet(new DemoSettings(), _clock);

    [Fact]
    public async Task Every_frame_of_half_an_hour_keeps_the_protocol()
    {
        var runs = new List<(string Name, IRemoteRun Run)>();
        foreach (var outline in _fleet.Outline.Where(static o => o.Name != "lab4"))
        {
            runs.Add((outline.Name, await _fleet.ShellOf(outline).StartAsync(Listening.Observe, [], CancellationToken.None)));
        }

        _clock.Advance(TimeSpan.FromMinutes(30));

        foreach (var (name, run) in runs)
        {
            var rules = FrameRules.Judge(await Listening.HearAsync(run, static () => { }));
            await run.DisposeAsync();
            Assert.True(rules.Faults.Count == 0, $"{name}: {rules.Faults.FirstOrDefault()}");
            Assert.Superset(new HashSet<string> { "hello", "fact", "pins", "generation", "unit", "lock", "load", "beat" }, rules.Kinds);
        }
    }

    [Fact]
    public async Task The_same_seed_and_clock_give_the_same_bytes()
    {
        var otherClock = new HandClock();
        using var other = new DemoFleet(new DemoSettings(), otherClock);
        using var another = new DemoFleet(new DemoSettings { Seed = 42 }, new HandClock());

        foreach (var name in new[] { "web2", "scout-eu", "edge-fr" })
        {
            var first = await Listening.HearAsync(_fleet, Outline(name), _clock, TimeSpan.FromMinutes(15));
            Assert.Equal(first, await Listening.HearAsync(other, Outline(name), otherClock, TimeSpan.FromMinutes(15)));
        }

        Assert.NotEqual(
            await Listening.HearAsync(_fleet, Outline("web2"), _clock, TimeSpan.Zero),
            await Listening.HearAsync(another, Outline("web2"), _clock, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_late_timer_changes_nothing()
    {
        var hasty = new HandClock();
        using var other = new DemoFleet(new DemoSettings(), hasty);
        await using var run = await other.ShellOf(Outline("scout-eu")).StartAsync(Listening.Observe, [], CancellationToken.None);
        var inSteps = await Listening.HearAsync(run, () =>
        {
            for (var i = 0; i < 1200; i++)
            {
                hasty.Advance(TimeSpan.FromMilliseconds(100));
            }
        });

        Assert.Equal(await Listening.HearAsync(_fleet, Outline("scout-eu"), _clock, TimeSpan.FromSeconds(120)), inSteps);
    }

    [Fact]
    public async Task A_new_version_of_an_agent_crashes_again_and_again_until_it_is_taken_back()
    {
        var heard = await Listening.HearAsync(_fleet, Outline("scout-eu"), _clock, TimeSpan.FromMinutes(4));

        var restarts = heard.Count(static l => l.Contains("scout.service: Scheduled restart job", StringComparison.Ordinal));
        Assert.InRange(restarts, 10, 60);
        var pins = heard.Where(static l => l.StartsWith("pins", StringComparison.Ordinal)).Select(static l => l.Split('\t')).ToList();
        Assert.Contains(pins, p => p[6] == "42");
        Assert.Equal(pins[0][3], pins[^1][3]);
        Assert.DoesNotContain(heard.TakeLast(100), static l => l.Contains("Failed with result", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_goes_silent_ends_its_connection_and_takes_no_new_one()
    {
        var server = Outline("scout-ap");
        await using var run = await _fleet.ShellOf(server).StartAsync(Listening.Observe, [], CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(20));

        var lost = await Assert.ThrowsAsync<ConnectionException>(async () =>
        {
            await foreach (var _ in run.ReadLinesAsync(CancellationToken.None))
            {
            }
        });
        Assert.Equal(ConnectionFaultKind.Lost, lost.Fault.Kind);
        var refused = await Assert.ThrowsAsync<ConnectionException>(() => _fleet.ShellOf(server).StartAsync(Listening.Observe, [], CancellationToken.None));
        Assert.Equal(ConnectionFaultKind.TimedOut, refused.Fault.Kind);

        _clock.Advance(TimeSpan.FromMinutes(10));
        await using var again = await _fleet.ShellOf(server).StartAsync(Listening.Observe, [], CancellationToken.None);
    }

    [Theory]
    [InlineData("edge-sa", ConnectionFaultKind.HostKeyChanged)]
    [InlineData("lab4", ConnectionFaultKind.NameUnknown)]
    public async Task Servers_that_cannot_be_reached_say_why(string name, ConnectionFaultKind kind)
    {
        _clock.Advance(TimeSpan.FromSeconds(30));

        var refused = await Assert.ThrowsAsync<ConnectionException>(() => _fleet.ShellOf(Outline(name)).StartAsync(Listening.Observe, [], CancellationToken.None));

        Assert.Equal(kind, refused.Fault.Kind);
    }

    [Fact]
    public async Task A_restart_brings_another_boot_id_and_the_new_kernel()
    {
        var before = await Listening.HearAsync(_fleet, Outline("edge-fr"), _clock, TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromMinutes(30));
        var after = await Listening.HearAsync(_fleet, Outline("edge-fr"), _clock, TimeSpan.Zero);

        Assert.NotEqual(before[0].Split('\t')[4], after[0].Split('\t')[4]);
        Assert.NotEqual(Fact(before, "kernel"), Fact(after, "kernel"));
    }

    [Fact]
    public async Task From_the_first_second_one_has_drifted_one_waits_for_a_restart_and_one_has_failed()
    {
        var drifted = Pins(await Listening.HearAsync(_fleet, Outline("ledger-us"), _clock, TimeSpan.Zero));
        Assert.NotEqual(drifted[0], drifted[2]);
        Assert.Equal("1", Pins(await Listening.HearAsync(_fleet, Outline("web5"), _clock, TimeSpan.Zero))[4]);
        var failed = await Listening.HearAsync(_fleet, Outline("web3"), _clock, TimeSpan.Zero);
        Assert.Contains(failed, static l => l.StartsWith("unit", StringComparison.Ordinal) && l.Contains("\tnginx.service\t", StringComparison.Ordinal) && l.Contains("ActiveState=failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Generations_reach_back_for_weeks_and_each_is_another_system()
    {
        foreach (var outline in _fleet.Outline.Where(static o => o.Name != "lab4"))
        {
            var generations = (await Listening.HearAsync(_fleet, outline, _clock, TimeSpan.Zero)).Where(static l => l.StartsWith("generation", StringComparison.Ordinal)).Select(static l => l.Split('\t')).ToList();

            Assert.Equal(generations.Count, generations.Select(static g => StorePath.Parse(g[4])).Distinct().Count());
            Assert.Equal(generations.Select(static g => long.Parse(g[5])).Order(), generations.Select(static g => long.Parse(g[5])));
            Assert.True(_clock.GetUtcNow() - DateTimeOffset.UnixEpoch.AddMicroseconds(long.Parse(generations[0][5])) > TimeSpan.FromDays(7), outline.Name);
        }
    }

    public void Dispose() => _fleet.Dispose();

    private ServerOutline Outline(string name) => _fleet.Outline.Single(o => o.Name == name);

    private static string[] Pins(List<string> heard) => heard.Single(static l => l.StartsWith("pins", StringComparison.Ordinal)).Split('\t')[3..];

    private static string Fact(List<string> heard, string key) => heard.Single(l => l.Contains($"\t{key}\t", StringComparison.Ordinal));
}
