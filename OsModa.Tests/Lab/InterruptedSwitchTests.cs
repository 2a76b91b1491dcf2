using OsModa.Core.Observation;
using OsModa.Core.Operations;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>The slow generation takes 20 s to start: time for something to happen in the middle.</summary>
[Trait("Tier", "lab")]
public sealed class InterruptedSwitchTests(SwitchLab lab) : IClassFixture<SwitchLab>
{
    private static int Slow => OperationLab.Generation("slow");

    [Theory]
    [InlineData("hangsInStop", OperationState.RolledBack, "preflight", "armed", "back")]
    [InlineData("file", OperationState.Verified, "activate", "probation", "commit")]
    public async Task Dashboards_that_die_in_one_stage_after_the_other_leave_one_that_tells_how_it_ended(string idea, OperationState end, params string[] stages)
    {
        var dashboard = await lab.StartAfreshAsync();
        var before = await lab.SwitchesAsync();
        var hold = await HeldStages.HoldAsync(lab.Machine);
        var request = dashboard.To(OperationLab.Generation(idea)) with { Plan = hold.In(SafeSwitchLab.Plan), OverrideBad = true, Reason = "as the test wants" };
        Assert.IsType<RollBackResult.Started>(await dashboard.RollBack.RunAsync(dashboard.Ann, request, TestContext.Current.CancellationToken));
        if (stages[0] != "preflight")
        {
            await hold.LetGoAsync("preflight");
            await hold.LetGoAsync("armed");
            await hold.KeepCommitAsync();
        }

        foreach (var stage in stages)
        {
            await dashboard.StageAsync(request.Sheet, stage);
            dashboard = await dashboard.DieAndStartAgainAsync();
            await hold.LetGoAsync(stage);
        }

        var row = await dashboard.EndedAsync(request.Sheet);
        await dashboard.DisposeAsync();
        await hold.DisposeAsync();

        Assert.True(end == row.State, row.Outcome);
        Assert.Equal(end == OperationState.RolledBack, row.Recovered is not null);
        Assert.Equal(["preflight", "armed", "activate"], StageRecord.Read(row.Stages).Select(s => s.Name).Take(3));
        Assert.Equal(end == OperationState.RolledBack ? (SwitchLab.Healthy, before + 2) : (request.Generation, before + 1), (await lab.GenerationAsync("/run/current-system"), await lab.SwitchesAsync()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(200)]
    public async Task A_dashboard_that_dies_right_after_the_click_never_starts_anything_twice(int milliseconds)
    {
        var dashboard = await lab.StartAfreshAsync();
        var before = await lab.SwitchesAsync();
        var request = dashboard.To(OperationLab.Generation("unit"));
        var click = dashboard.RollBack.RunAsync(dashboard.Ann, request, TestContext.Current.CancellationToken);
        await Task.WhenAny(click, Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System));

        await using var next = await dashboard.DieAndStartAgainAsync();
        await ((Task)click).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (await next.History.FindAsync(next.Ann, request.Sheet) is null)
        {
            return;                             // it died before the intent was written: nothing has happened
        }

        var row = await next.EndedAsync(request.Sheet);

        Assert.Equal(row.State == OperationState.Verified ? before + 1 : before, await lab.SwitchesAsync());
        Assert.Equal(row.State == OperationState.Verified ? request.Generation : SwitchLab.Healthy, await lab.GenerationAsync("/run/current-system"));
    }

    [Fact]
    public async Task A_pulled_cable_does_not_stop_the_switch_and_the_end_is_seen_when_it_is_back()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var id = await dashboard.StartAsync(Slow);
        await dashboard.StageAsync(id, "activate");

        await lab.Machine.PlugOutAsync();
        await dashboard.SeesAsync(s => s.Reach != Reach.Live);
        await lab.Machine.ShellAsync("while systemctl -q is-active nixos-rebuild-switch-to-configuration; do sleep 0.2; done");
        Assert.False((await dashboard.History.FindAsync(dashboard.Ann, id))!.Ended);
        await lab.Machine.PlugInAsync();

        Assert.Equal(OperationState.Verified, (await dashboard.EndedAsync(id)).State);
    }

    [Fact]
    public async Task A_power_cut_in_the_middle_comes_back_on_the_old_system()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var id = await dashboard.StartAsync(Slow);
        await dashboard.StageAsync(id, "activate");

        await lab.Machine.CutPowerAsync();
        await lab.Machine.PowerOnAsync();
        var row = await dashboard.EndedAsync(id);

        Assert.Equal(OperationState.Failed, row.State);
        Assert.Equal($"The server was restarted in the middle and came back on generation {SwitchLab.Healthy}, which ran before. Nothing is left of the switch.", row.Outcome);
        Assert.Equal(SwitchLab.Healthy, await lab.GenerationAsync("/run/current-system"));
    }

    [Fact]
    public async Task A_restart_in_the_middle_comes_back_on_the_old_system()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var id = await dashboard.StartAsync(Slow);
        await dashboard.StageAsync(id, "activate");

        await lab.Machine.RebootAsync();
        var row = await dashboard.EndedAsync(id);

        Assert.Equal(OperationState.Failed, row.State);
        Assert.Contains("restarted in the middle", row.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_that_is_killed_on_the_server_goes_back_by_itself()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var id = await dashboard.StartAsync(Slow);
        await dashboard.StageAsync(id, "activate");

        await lab.Machine.ShellAsync("systemctl kill -s KILL nixos-rebuild-switch-to-configuration");
        var row = await dashboard.EndedAsync(id);

        Assert.True(row is { State: OperationState.RolledBack, Verdict: SwitchVerdict.RolledBack }, $"{row.Outcome} {row.Output}");
        Assert.Contains($"The server runs generation {SwitchLab.Healthy} again", row.Outcome, StringComparison.Ordinal);
        Assert.Equal((SwitchLab.Healthy, SwitchLab.Healthy), (await lab.GenerationAsync("/run/current-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));
        // The root goes right after the last line of the journal, which may be read before that.
        Assert.Empty(await lab.Machine.ShellAsync("for turn in $(seq 100); do [ -n \"$(ls /nix/var/nix/gcroots/osmoda)\" ] || break; sleep 0.1; done; ls /nix/var/nix/gcroots/osmoda"));
    }

    [Fact]
    public async Task A_switch_that_is_killed_with_the_process_that_takes_it_back_is_undone_by_the_timer_of_last_resort()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var id = await dashboard.StartAsync(Slow);
        await dashboard.StageAsync(id, "activate");

        // The timer is set beside the beginning of the activation. Then every process that its unit has, until it has none.
        await lab.Machine.ShellAsync($"until systemctl -q is-active osmoda-guard-{id:D}.timer; do sleep 0.02; done; while systemctl kill -s KILL nixos-rebuild-switch-to-configuration 2>/dev/null; do :; done");
        var row = await dashboard.EndedAsync(id);

        Assert.True(row is { State: OperationState.RolledBack, Verdict: SwitchVerdict.RolledBack }, $"{row.Outcome} {row.Output}");
        Assert.Equal((SwitchLab.Healthy, SwitchLab.Healthy), (await lab.GenerationAsync("/run/current-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));
    }

    // The stop of a unit stands before the start of whatever it is ordered after, and the switch program that goes back asks for such starts.
    [Fact]
    public async Task A_switch_that_is_stopped_on_the_server_while_units_start_goes_back_without_waiting_for_itself()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var id = await dashboard.StartAsync(Slow);

        await lab.Machine.ShellAsync("until systemctl list-jobs | grep -q search-index; do sleep 0.05; done; systemctl stop nixos-rebuild-switch-to-configuration");
        var row = await dashboard.EndedAsync(id);

        Assert.True(row is { State: OperationState.RolledBack, Verdict: SwitchVerdict.RolledBack }, $"{row.Outcome} {row.Output}");
        Assert.Equal(SwitchLab.Healthy, await lab.GenerationAsync("/run/current-system"));
        Assert.Empty(await lab.Machine.ShellAsync($"grep 'note.phase' /var/lib/osmoda/operations/{id}/journal || true"));
    }
}
