using System.Text;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
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
            var states = Heard.States(await Listening.HearAsync(run, static () => { })).ToList();
            await run.DisposeAsync();
            Assert.True(states.Count > 10, name);
            Assert.True(states[^1] is { Host: not null, Load: not null, Pins: not null, Generations.Length: > 1, Units.Count: > 40 }, name);
            Assert.True(states[^1].Agents.Total > 0, name);
        }
    }

    [Theory]
    [InlineData("web1", HostVerbs.Login, HostVerbs.Sudo)]
    [InlineData("web4", HostVerbs.UnitFailed, HostVerbs.Switch)]
    public async Task What_happens_on_a_server_stands_in_its_own_record(string name, params string[] verbs)
    {
        var parser = new ProtocolParser(_clock);
        var heard = await Listening.HearAsync(_fleet, Outline(name), _clock, TimeSpan.FromMinutes(15));

        var logged = heard.Select(line => parser.Read(Encoding.UTF8.GetBytes(line))).OfType<ServerEvent.Logged>().Select(told => told.Entry).ToList();

        Assert.Equal("", logged[0].Words.Text);     // the place from which it is told
        Assert.Equal(logged.Count, logged.Select(entry => entry.Cursor).Distinct().Count());
        Assert.Superset(verbs.ToHashSet(), logged.Select(entry => JournalEvents.Read(entry)?.Verb).OfType<string>().ToHashSet());
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
        var states = Heard.States(await Listening.HearAsync(_fleet, Outline("scout-eu"), _clock, TimeSpan.FromMinutes(4))).ToList();

        var first = states.First(static s => s.Pins is not null).Pins!;
        var loops = states.Where(static s => Heard.Health(s, "scout.service") == UnitHealth.CrashLoop).ToList();
        Assert.NotEmpty(loops);
        Assert.All(loops.Take(100), s => Assert.Equal(first.NextBootNumber + 1, s.Pins!.NextBootNumber));
        Assert.Equal((first.Current, UnitHealth.Healthy), (states[^1].Pins!.Current, Heard.Health(states[^1], "scout.service")));
        Assert.Equal((5, 5), states[^1].Agents);
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

    [Fact]
    public async Task A_server_that_nobody_ever_reached_says_why()
    {
        var refused = await Assert.ThrowsAsync<ConnectionException>(() => _fleet.ShellOf(Outline("lab4")).StartAsync(Listening.Observe, [], CancellationToken.None));

        Assert.Equal(ConnectionFaultKind.NameUnknown, refused.Fault.Kind);
    }

    [Fact]
    public async Task A_restart_brings_another_boot_id_and_the_new_kernel()
    {
        var before = await LookAsync("edge-fr");
        _clock.Advance(TimeSpan.FromMinutes(30));
        var after = await LookAsync("edge-fr");

        Assert.NotEqual(before.Host!.BootId, after.Host!.BootId);
        Assert.NotEqual(before.Host.KernelRunning, after.Host.KernelRunning);
        Assert.False(after.Pins!.RebootNeeded);
    }

    [Fact]
    public async Task From_the_first_second_one_has_drifted_one_waits_for_a_restart_and_one_has_failed()
    {
        Assert.Equal(ServerHealth.Drifted, (await LookAsync("ledger-us")).Health);
        Assert.True((await LookAsync("web5")).Pins!.RebootNeeded);
        var failed = await LookAsync("web3");
        Assert.Equal((ServerHealth.Failed, UnitHealth.Failed), (failed.Health, Heard.Health(failed, "nginx.service")));
        Assert.Equal(ServerHealth.Healthy, (await LookAsync("web1")).Health);
    }

    [Fact]
    public async Task Generations_reach_back_for_weeks_and_each_is_another_system()
    {
        foreach (var outline in _fleet.Outline.Where(static o => o.Name != "lab4"))
        {
            var generations = (await LookAsync(outline.Name)).Generations;

            Assert.Equal(generations.Length, generations.Select(static g => g.System).Distinct().Count());
            Assert.Equal(generations.Select(static g => g.ActivatedAt).OrderDescending(), generations.Select(static g => g.ActivatedAt));
            Assert.Equal(outline.Generation, generations[0].Number - (outline.Name == "web3" ? 1 : 0));
            Assert.True(_clock.GetUtcNow() - generations[^1].ActivatedAt > TimeSpan.FromDays(7), outline.Name);
        }
    }

    public void Dispose() => _fleet.Dispose();

    private ServerOutline Outline(string name) => _fleet.Outline.Single(o => o.Name == name);

    private async Task<ServerState> LookAsync(string name) => Heard.State(await Listening.HearAsync(_fleet, Outline(name), _clock, TimeSpan.Zero));
}
