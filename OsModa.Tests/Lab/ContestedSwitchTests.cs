using OsModa.Core.Observation;
using OsModa.Core.Operations;
using Xunit;

namespace OsModa.Tests.Lab;

[Trait("Tier", "lab")]
public sealed class ContestedSwitchTests(SwitchLab lab) : IClassFixture<SwitchLab>
{
    private static int Target => OperationLab.Generation("unit");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_dashboards_at_once_switch_once()
    {
        await using var one = await lab.StartAfreshAsync();
        await using var other = await OperationLab.OpenAsync(lab.Machine);
        var before = await lab.SwitchesAsync();

        var results = await Task.WhenAll(one.RollBack.RunAsync(one.Ann, one.To(Target), Stop), other.RollBack.RunAsync(other.Ann, other.To(Target), Stop));

        var started = Assert.Single(results.OfType<RollBackResult.Started>());
        var refused = Assert.Single(results.OfType<RollBackResult.Refused>());
        Assert.Equal("Another dashboard is switching this server right now.", refused.Why);
        var winner = results[0] is RollBackResult.Started ? one : other;
        Assert.Equal(OperationState.Verified, (await winner.EndedAsync(started.Operation.Id)).State);
        Assert.Equal(before + 1, await lab.SwitchesAsync());
    }

    [Fact]
    public async Task Two_hundred_clicks_switch_once()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var before = await lab.SwitchesAsync();
        var sheets = new[] { dashboard.To(Target), dashboard.To(Target) };

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => dashboard.RollBack.RunAsync(dashboard.Ann, sheets[i % 2], Stop))));

        var started = Assert.Single(results.OfType<RollBackResult.Started>()).Operation;
        Assert.All(results.OfType<RollBackResult.Joined>(), j => Assert.Equal(started.Id, j.Operation.Id));
        Assert.Equal(OperationState.Verified, (await dashboard.EndedAsync(started.Id)).State);
        Assert.Equal(before + 1, await lab.SwitchesAsync());
    }

    [Fact]
    public async Task While_somebody_holds_the_lock_nothing_is_touched_and_who_holds_it_is_said()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var before = await lab.SwitchesAsync();
        await lab.Machine.ShellAsync("mkdir -p /run/nixos; systemd-run --quiet --collect --unit=somebody flock /run/nixos/switch-to-configuration.lock /usr/bin/sleep 600; until ! flock -n /run/nixos/switch-to-configuration.lock /usr/bin/true; do sleep 0.05; done");

        var result = await dashboard.RollBack.RunAsync(dashboard.Ann, dashboard.To(Target), Stop);
        var why = result is RollBackResult.Refused refused ? refused.Why : (await dashboard.EndedAsync(Assert.IsType<RollBackResult.Started>(result).Operation.Id)).Outcome;
        await lab.Machine.ShellAsync("systemctl stop somebody");

        Assert.Matches("Somebody (else )?is switching", why);
        Assert.Equal(before, await lab.SwitchesAsync());
        Assert.Equal((SwitchLab.Healthy, SwitchLab.Healthy), (await lab.GenerationAsync("/run/current-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));
    }

    [Fact]
    public async Task While_nixos_rebuild_runs_nothing_is_started()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var request = dashboard.To(Target);
        await lab.Machine.ShellAsync("systemd-run --quiet --collect --unit=nixos-rebuild-switch-to-configuration /usr/bin/sleep 600");

        var refused = Assert.IsType<RollBackResult.Refused>(await dashboard.RollBack.RunAsync(dashboard.Ann, request, Stop));
        await lab.Machine.ShellAsync("systemctl stop nixos-rebuild-switch-to-configuration");

        Assert.Contains("by hand", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_whose_unit_lingers_when_it_is_over_does_not_stop_the_next_one()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        const string Folder = "/run/systemd/system/nixos-rebuild-switch-to-configuration.service.d";
        await lab.Machine.ShellAsync($"mkdir -p {Folder}; printf '[Service]\nExecStopPost=/usr/bin/sleep 1\n' >{Folder}/linger.conf; systemctl daemon-reload");

        var there = await dashboard.RunAsync(Target);
        var back = await dashboard.RunAsync(SwitchLab.Healthy);
        await lab.Machine.ShellAsync($"rm -r {Folder}; systemctl daemon-reload");

        Assert.Equal((OperationState.Verified, OperationState.Verified), (there.State, back.State));
    }

    [Fact]
    public async Task While_we_switch_nixos_rebuild_is_kept_out()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var id = await dashboard.StartAsync(OperationLab.Generation("slow"));
        await dashboard.StageAsync(id, "activate");

        var said = await lab.Machine.ShellAsync("systemd-run --collect --unit=nixos-rebuild-switch-to-configuration /usr/bin/true 2>&1 || true");

        Assert.Contains("already", said, StringComparison.Ordinal);
        Assert.Equal(OperationState.Verified, (await dashboard.EndedAsync(id)).State);
    }

    [Fact]
    public async Task A_switch_by_hand_between_the_look_and_the_click_stops_the_click()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var request = dashboard.To(Target);
        await lab.Machine.SwitchAsync(OperationLab.Generation("packages"));

        var refused = Assert.IsType<RollBackResult.Refused>(await dashboard.RollBack.RunAsync(dashboard.Ann, request, Stop));

        // Which of the two depends on whether the end of the other switch has been heard.
        Assert.Matches("somebody switched it meanwhile|Somebody is switching this server by hand", refused.Why);
        Assert.Equal(OperationLab.Generation("packages"), await lab.GenerationAsync("/run/current-system"));
    }

    [Fact]
    public async Task A_target_that_was_collected_as_garbage_is_refused_and_not_half_activated()
    {
        await using var machine = await LabServer.UpAsync();
        await using var dashboard = await OperationLab.OpenAsync(machine);
        var request = dashboard.To(OperationLab.Generation("base"));
        await machine.ShellAsync("nix-env -p /nix/var/nix/profiles/system --delete-generations 1 && nix-store --gc >/dev/null 2>&1; test ! -e " + request.Target.Text);

        var result = await dashboard.RollBack.RunAsync(dashboard.Ann, request, Stop);

        Assert.Matches("not on the server any more|gone|collected|no generation", Assert.IsType<RollBackResult.Refused>(result).Why);
        Assert.Empty(await machine.ShellAsync("ls /var/lib/osmoda/operations 2>/dev/null || true"));
    }

    [Fact]
    public async Task A_collection_of_garbage_during_the_switch_does_not_take_the_target()
    {
        await using var machine = await LabServer.UpAsync("--store", "troubles");
        await using var dashboard = await OperationLab.OpenAsync(machine);
        var request = dashboard.To(OperationLab.Generation("slow"));
        var id = Assert.IsType<RollBackResult.Started>(await dashboard.RollBack.RunAsync(dashboard.Ann, request, Stop)).Operation.Id;
        await dashboard.StageAsync(id, "activate");

        await machine.ShellAsync($"nix-env -p /nix/var/nix/profiles/system --delete-generations {request.Generation} && nix-store --gc >/dev/null 2>&1");
        var row = await dashboard.EndedAsync(id);

        Assert.Equal(OperationState.Verified, row.State);
        Assert.Equal(request.Target.Text, (await machine.ShellAsync("readlink -f /nix/var/nix/profiles/system")).Trim());
    }
}
