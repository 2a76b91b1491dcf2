using OsModa.Core.Nix;
using OsModa.Core.Observation;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>Real systemd, seen through the whole of observation.</summary>
[Trait("Tier", "lab")]
public sealed class ObservationTests : IAsyncLifetime
{
    private ObservedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ObservedServer.UpAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Start_stop_and_crash_of_a_unit_are_seen_with_the_reason()
    {
        await _server.Machine.EnterAsync("systemctl", "stop", "nginx");
        await _server.SeesUnitAsync("nginx.service", u => u.Health == UnitHealth.Resting);
        await _server.Machine.EnterAsync("systemctl", "start", "nginx");
        await _server.SeesUnitAsync("nginx.service", u => u is { Health: UnitHealth.Healthy, MainPid: not null });

        await _server.Machine.EnterAsync("systemd-run", "--unit=once", "-p", "Description=Fails at once", "sh", "-c", "exit 3");

        var failed = await _server.SeesUnitAsync("once.service", u => u is { Health: UnitHealth.Failed, ExitStatus: 3, Why: not null });
        Assert.Equal((ChangeKind.UnitFailed, "once", false), (failed.LastChange!.What, failed.LastChange.Subject, failed.LastChange.Ours));
        await _server.SeesUnitAsync("once.service", u => u.Description == "Fails at once");
        await _server.Machine.EnterAsync("systemctl", "reset-failed", "once");
        await _server.SeesAsync(s => !s.Units.ContainsKey(UnitName.Parse("once.service")));
    }

    [Fact]
    public async Task A_crash_loop_is_seen_and_its_end_too()
    {
        await _server.Machine.EnterAsync("systemd-run", "--unit=agent-looper", "-p", "Restart=always", "-p", "RestartSec=200ms", "-p", "StartLimitIntervalSec=0", "sh", "-c", "sleep 1; exit 7");

        var state = await _server.SeesUnitAsync("agent-looper.service", u => u.Health == UnitHealth.CrashLoop);
        Assert.Equal((ServerHealth.CrashLoop, (3, 4)), (state.Health, state.Agents));

        await _server.Machine.EnterAsync("systemctl", "stop", "agent-looper");
        await _server.SeesAsync(s => s is { Health: ServerHealth.Healthy, Agents: (3, 3) });
    }

    [Fact]
    public async Task Daemon_reload_and_daemon_reexec_lose_no_unit_and_no_change()
    {
        var units = _server.State.Units.Count;

        await _server.Machine.EnterAsync("systemctl", "daemon-reload");
        await _server.Machine.EnterAsync("systemctl", "stop", "redis-main");
        await _server.SeesUnitAsync("redis-main.service", u => u.Health == UnitHealth.Resting);
        await _server.Machine.EnterAsync("systemctl", "daemon-reexec");
        await _server.Machine.EnterAsync("systemctl", "start", "redis-main");

        var state = await _server.SeesUnitAsync("redis-main.service", u => u.Health == UnitHealth.Healthy);
        Assert.InRange(state.Units.Count, units - 2, units + 5);
        Assert.Equal(Reach.Live, state.Reach);
    }

    [Fact]
    public async Task The_journal_may_rotate_and_restart_and_its_words_still_come()
    {
        await _server.Machine.ShellAsync("journalctl --rotate; journalctl --vacuum-time=1s; systemctl restart systemd-journald");
        await _server.Machine.EnterAsync("systemd-run", "--unit=wordy", "sh", "-c", "exit 4");

        await _server.SeesUnitAsync("wordy.service", u => u.Why is not null);
    }

    [Fact]
    public async Task When_the_reader_of_the_bus_dies_it_is_started_again_and_what_happened_meanwhile_is_seen()
    {
        await _server.Machine.ShellAsync("for p in /proc/[0-9]*; do case $(tr '\\0' ' ' <$p/cmdline) in busctl*) kill -9 ${p#/proc/};; esac; done");
        await _server.Machine.EnterAsync("systemctl", "stop", "nginx");

        await _server.SeesUnitAsync("nginx.service", u => u.Health == UnitHealth.Resting);
        await _server.Machine.EnterAsync("systemctl", "start", "nginx");
        await _server.SeesUnitAsync("nginx.service", u => u.Health == UnitHealth.Healthy);
    }

    [Fact]
    public async Task A_switch_by_hand_shows_by_itself_as_not_ours()
    {
        var before = _server.State.Pins!;
        var underWay = _server.SeesAsync(s => s is { Switch: { Operation: null, Outcome: null }, Health: ServerHealth.Switching });

        await _server.Machine.SwitchAsync(2);

        await underWay;
        var state = await _server.SeesAsync(s => s.Pins is { NextBootNumber: 2 } pins && pins.Current == pins.NextBoot && s.Switch is null);
        Assert.Equal((ChangeKind.RolledBackTo, "2", false), (state.LastChange!.What, state.LastChange.Subject, state.LastChange.Ours));
        Assert.Equal(before.Booted, state.Pins!.Booted);
        Assert.True(state.Pins.RebootNeeded);

        await _server.Machine.SwitchAsync(1, "boot");
        state = await _server.SeesAsync(s => s is { Pins.NextBootNumber: 1, Health: ServerHealth.Drifted });    // not before the switch program has let go
        Assert.Equal((ChangeKind.NextBootSet, "1"), (state.LastChange!.What, state.LastChange.Subject));
    }

    [Fact]
    public async Task Generations_that_are_deleted_stay_as_gone()
    {
        await _server.Machine.EnterAsync("nix-env", "-p", "/nix/var/nix/profiles/system", "--delete-generations", "3", "4");

        var state = await _server.SeesAsync(s => s.Generations.Count(g => g.GoneAt is not null) == 2);

        Assert.Equal([7, 6, 5, 4, 3, 2, 1], state.Generations.Select(g => g.Number));
        Assert.Equal([4, 3], state.Generations.Where(g => g.GoneAt is not null).Select(g => g.Number));
    }

    [Fact]
    public async Task A_reboot_is_seen_as_one()
    {
        var boot = _server.State.Host!.BootId;

        await _server.Machine.RebootAsync();

        var state = await _server.SeesAsync(s => s.Reach == Reach.Live && s.Host!.BootId != boot);
        Assert.Equal(ChangeKind.Rebooted, state.LastChange!.What);
        await _server.SeesAsync(s => s.Agents == (3, 3));
    }

    [Fact]
    public async Task A_power_cut_is_a_lost_server_until_it_is_back()
    {
        await _server.Machine.CutPowerAsync();
        Assert.Equal(ServerHealth.Stale, (await _server.SeesAsync(s => s.Reach == Reach.Lost)).Health);

        await _server.Machine.PowerOnAsync();

        await _server.SeesAsync(s => s.Reach == Reach.Live);
    }

    [Fact]
    public async Task A_pulled_cable_is_noticed_by_silence_within_five_seconds_and_its_return_too()
    {
        await _server.Machine.PlugOutAsync();
        var pulled = TimeProvider.System.GetUtcNow();

        var state = await _server.SeesAsync(s => s.Reach == Reach.Lost);

        Assert.InRange(state.ReachSince!.Value - state.HeardAt!.Value, Observer.Silence, Observer.Silence + TimeSpan.FromSeconds(1.5));
        Assert.InRange(state.ReachSince.Value - pulled, TimeSpan.Zero, Observer.Silence + TimeSpan.FromSeconds(3));
        Assert.True(state.Units.Count > 50);
        await _server.Machine.PlugInAsync();
        await _server.SeesAsync(s => s.Reach == Reach.Live);
    }

    [Fact]
    public async Task Closures_are_measured_on_the_server()
    {
        var systems = _server.State.Generations.Select(g => g.System).ToList();

        var sizes = await ClosureReader.MeasureAsync(await _server.ShellAsync(), systems, TestContext.Current.CancellationToken);

        Assert.Equal(systems.Count, sizes.Count);
        Assert.All(sizes.Values, size => Assert.True(size.Bytes > size.ExclusiveBytes && size.ExclusiveBytes > 0 && size.Paths > 20));
    }
}
