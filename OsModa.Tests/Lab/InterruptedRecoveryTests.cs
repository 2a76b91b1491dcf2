using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What can happen to the server, to its connection or to the script itself while a change is on probation.</summary>
[Trait("Tier", "lab")]
public sealed class InterruptedRecoveryTests(SafeSwitchLab lab) : IClassFixture<SafeSwitchLab>
{
    private const string Unit = "nixos-rebuild-switch-to-configuration";

    // The first time that systemd is to read its units anew it does not hear of it.
    private const string DeafOnce = """
        real=$(readlink -f /run/current-system/sw/bin/systemctl)
        cp $real /run/systemctl
        printf '#!/bin/sh\nif [ "$1" = daemon-reload ] && rm /run/deaf 2>/dev/null; then exit 1; fi\nexec -a systemctl /run/systemctl "$@"\n' >/run/deaf-systemctl
        sed -i "1s|.*|#!$(command -v bash)|" /run/deaf-systemctl
        chmod +x /run/deaf-systemctl
        touch /run/deaf
        mount --bind /run/deaf-systemctl $real
        """;

    [Theory]
    [InlineData("systemctl kill --kill-who=main -s KILL " + Unit)]
    [InlineData("systemctl kill -s KILL " + Unit)]
    [InlineData("systemctl stop " + Unit)]
    [InlineData("kill -STOP $(systemctl show -P MainPID " + Unit + ")")]
    [InlineData(ConsoleSwitch.KillProgram)]
    public async Task A_switch_that_is_killed_or_hangs_goes_back_by_itself(string deed)
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("slow");
        await lab.StageAsync(id, "activate");
        await lab.UntilAsync(id, p => p.Notes.Any(n => n.Kind == "settling"));

        await lab.Machine.ShellAsync(deed);
        var progress = await lab.EndedAsync(id);

        Assert.True(progress.Outcome!.Verdict == SwitchVerdict.RolledBack, $"{progress.Outcome}");
        Assert.Contains(progress.Trouble, t => t.Kind == "activation");
        await lab.AssertHealthyAsync();
    }

    [Theory]
    [InlineData("probation")]
    [InlineData("back")]
    public async Task A_script_that_is_killed_in_a_later_stage_goes_back_too(string stage)
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync(stage == "back" ? "exitsAtOnce" : "unit");
        await lab.StageAsync(id, stage);

        await lab.Machine.ShellAsync($"systemctl kill -s KILL {Unit}");

        Assert.Equal(SwitchVerdict.RolledBack, (await lab.EndedAsync(id)).Outcome!.Verdict);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_server_that_nobody_reaches_any_more_goes_back()
    {
        await lab.StartAfreshAsync();

        var progress = await lab.RunAsync("networkLost", SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(1), Confirm = TimeSpan.FromSeconds(3) });

        Assert.Equal((SwitchVerdict.RolledBack, "unconfirmed"), (progress.Outcome!.Verdict, Assert.Single(progress.Trouble).Kind));
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_confirmation_counts_once_the_activation_is_over()
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("unit", new SwitchPlan { Probation = TimeSpan.FromSeconds(1), Confirm = TimeSpan.FromSeconds(60) });
        var early = await lab.SayAsync(SwitchScripts.Confirm, id.ToString("D"));
        await lab.StageAsync(id, "probation");

        Assert.Contains(early, (string[])["early", "unknown"]);
        Assert.Equal("confirmed", await lab.SayAsync(SwitchScripts.Confirm, id.ToString("D")));
        var progress = await lab.EndedAsync(id);
        Assert.Equal(SwitchVerdict.Verified, progress.Outcome!.Verdict);
        Assert.NotNull(progress.ConfirmedAt);
        Assert.Equal("late", await lab.SayAsync(SwitchScripts.Confirm, id.ToString("D")));
        Assert.Equal("unknown", await lab.SayAsync(SwitchScripts.Confirm, Guid.NewGuid().ToString("D")));
    }

    [Fact]
    public async Task A_person_stops_it_in_the_middle()
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("slow");
        await lab.StageAsync(id, "activate");

        Assert.Equal("stopping", await lab.SayAsync(SwitchScripts.Stop, id.ToString("D")));
        var progress = await lab.EndedAsync(id);

        Assert.Equal((SwitchVerdict.RolledBack, "stopped"), (progress.Outcome!.Verdict, progress.Trouble[0].Kind));
        Assert.Equal("late", await lab.SayAsync(SwitchScripts.Stop, id.ToString("D")));
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_cable_pulled_in_the_middle_changes_nothing_about_the_end()
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("exitsAfter3");
        await lab.StageAsync(id, "activate");

        await lab.Machine.PlugOutAsync();
        var progress = await lab.EndedAsync(id);
        await lab.Machine.PlugInAsync();

        Assert.Equal(SwitchVerdict.RolledBack, progress.Outcome!.Verdict);
        await lab.AssertHealthyAsync();
    }

    [Theory]
    [InlineData("activate", "slow")]
    [InlineData("probation", "unit")]
    [InlineData("back", "hangsInStop")]
    public async Task A_power_cut_comes_back_on_the_old_system(string stage, string idea)
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync(idea);
        await lab.StageAsync(id, stage);

        await lab.Machine.CutPowerAsync();
        await lab.Machine.PowerOnAsync();

        await lab.AssertBootedHealthyAsync();
        Assert.Null((await lab.ReadAsync(id))?.Outcome);
    }

    [Theory]
    [InlineData("probation", "unit")]
    [InlineData("back", "hangsInStop")]
    public async Task A_restart_comes_back_on_the_old_system(string stage, string idea)
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync(idea, new SwitchPlan { Probation = TimeSpan.FromSeconds(60) });
        await lab.StageAsync(id, stage);

        await lab.Machine.RebootAsync();

        await lab.AssertBootedHealthyAsync();
        Assert.Null((await lab.ReadAsync(id))?.Outcome);
    }

    [Fact]
    public async Task A_way_back_that_was_killed_and_is_taken_up_again_kills_what_hangs_and_not_itself()
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("hangsInStop");
        await lab.StageAsync(id, "back");

        await lab.Machine.ShellAsync("kill -KILL $(systemctl show --property=MainPID --value nixos-rebuild-switch-to-configuration)");
        var progress = await lab.EndedAsync(id);

        Assert.Equal(SwitchVerdict.RolledBack, progress.Outcome!.Verdict);
        // What hung may have been killed by the first process already; this one must not count itself.
        Assert.Empty(await lab.Machine.ShellAsync($"grep 'note.killed.nixos-rebuild' /var/lib/osmoda/operations/{id}/journal || true"));
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task Systemd_that_is_executed_anew_just_when_units_are_restarted_costs_the_change_nothing()
    {
        for (var turn = 0; turn < 4; turn++)
        {
            await lab.StartAfreshAsync();
            var id = await lab.StartAsync("unit");

            await lab.Machine.ShellAsync($"cd /var/lib/osmoda/operations/{id}; until grep -qs '^restarting the following' output || grep -q '\tdone\t' journal; do sleep 0.003; done; sleep 0.0{turn * 3}; systemctl daemon-reexec");

            var outcome = (await lab.EndedAsync(id)).Outcome!;
            Assert.True(outcome.Verdict == SwitchVerdict.Verified, outcome.Detail);
        }
    }

    [Theory]
    [InlineData("exitsAfter3", SwitchVerdict.RolledBack)]
    [InlineData("unitFails", SwitchVerdict.RolledBack)]
    [InlineData("unit", SwitchVerdict.Verified)]
    public async Task Units_that_systemd_did_not_read_because_it_did_not_hear_the_switch_program_are_read_before_they_are_judged(string idea, SwitchVerdict verdict)
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync(DeafOnce);
        var progress = await lab.RunAsync(idea);
        await lab.Machine.ShellAsync("umount $(readlink -f /run/current-system/sw/bin/systemctl)");

        Assert.True(progress.Outcome!.Verdict == verdict, $"{progress.Outcome}");
        Assert.Contains(progress.Notes, n => n.Kind == "lost");
        if (verdict == SwitchVerdict.RolledBack)
        {
            await lab.AssertHealthyAsync();
        }
    }

    [Fact]
    public async Task The_old_definitions_that_systemd_did_not_read_on_the_way_back_are_read_before_it_is_called_undone()
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("exitsAfter3");
        await lab.StageAsync(id, "probation");
        await lab.Machine.ShellAsync(DeafOnce);
        var progress = await lab.EndedAsync(id);
        await lab.Machine.ShellAsync("umount $(readlink -f /run/current-system/sw/bin/systemctl)");

        Assert.Equal(SwitchVerdict.RolledBack, progress.Outcome!.Verdict);
        Assert.Contains(progress.Notes, n => n.Kind == "lost");
        Assert.DoesNotContain("--crash-after", await lab.Machine.ShellAsync("tr '\\0' ' ' </proc/$(systemctl show -P MainPID agent-scout)/cmdline"), StringComparison.Ordinal);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task Systemd_that_is_executed_anew_in_the_middle_does_not_disturb_it()
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("exitsAfter3");
        await lab.StageAsync(id, "probation");

        await lab.Machine.ShellAsync("systemctl daemon-reexec");

        Assert.Equal(SwitchVerdict.RolledBack, (await lab.EndedAsync(id)).Outcome!.Verdict);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task Somebody_who_switches_by_hand_on_the_server_is_left_alone()
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("unit", new SwitchPlan { Probation = TimeSpan.FromSeconds(60) });
        await lab.StageAsync(id, "probation");

        await lab.Machine.ShellAsync($"/nix/var/nix/profiles/system-{OperationLab.Generation("file")}-link/bin/switch-to-configuration test 2>/dev/null");
        var progress = await lab.EndedAsync(id);

        Assert.Equal(SwitchVerdict.NeedsPerson, progress.Outcome!.Verdict);
        Assert.Contains("Somebody else", progress.Outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(OperationLab.Generation("file"), await lab.Machine.GenerationAsync("/run/current-system"));
    }

    [Fact]
    public async Task Somebody_who_holds_the_lock_makes_it_refuse()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("mkdir -p /run/nixos; systemd-run --quiet --unit=holder $(command -v flock) /run/nixos/switch-to-configuration.lock $(command -v sleep) 60; for turn in $(seq 100); do flock -n /run/nixos/switch-to-configuration.lock true || break; sleep 0.05; done");

        var progress = await lab.RunAsync("unit");
        await lab.Machine.ShellAsync("systemctl stop holder");

        Assert.Equal(SwitchVerdict.Refused, progress.Outcome!.Verdict);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_target_whose_files_are_gone_is_refused()
    {
        await lab.StartAfreshAsync();
        var order = await lab.OrderAsync(OsModa.Core.Nix.StorePath.Parse("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-lab-gone"), 99, SafeSwitchLab.Plan);

        var refused = Assert.IsType<StartAnswer.Refused>(await lab.TellAsync(order));

        Assert.Contains("collected as garbage", refused.Why, StringComparison.Ordinal);
    }
}
