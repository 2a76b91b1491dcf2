using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>After a switch is done the server goes on watching; what it undoes then is an operation of its own.</summary>
[Trait("Tier", "lab")]
public sealed class StandingWatchTests(SafeSwitchLab lab) : IClassFixture<SafeSwitchLab>
{
    private const string Mended = "rm -f /var/lib/agents/scout/crash; systemctl reset-failed agent-scout; systemctl restart agent-scout";

    private static readonly SwitchPlan Long = SwitchPlan.ByHand with { Stand = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task A_crash_loop_is_undone_by_an_operation_of_its_own_and_never_twice()
    {
        await lab.StartAfreshAsync();
        var (first, undo) = await CrashAfterSwitchAsync();
        await CalmDownWhenHealthyRunsAsync();
        var progress = await lab.EndedAsync(undo);

        Assert.Equal((SwitchVerdict.Verified, first), (progress.Outcome!.Verdict, progress.Undoes));
        Assert.Equal("crash-loop", progress.Trouble[0].Kind);
        Assert.NotNull(RecoveryTimes.From(progress));
        await lab.AssertHealthyAsync();
        Assert.Single((await lab.Machine.ShellAsync("cat /var/lib/osmoda/undone")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task It_is_brought_to_its_end_although_the_agent_crashes_on_meanwhile_and_the_script_is_killed()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.SwitchAsync(OperationLab.Generation("slow"));
        var (first, undo) = await CrashAfterSwitchAsync();
        await lab.UntilAsync(undo, p => p.Notes.Any(n => n.Kind == "settling" && n.Text.StartsWith("6 s", StringComparison.Ordinal)));
        await lab.Machine.ShellAsync(Mended + "; systemctl kill -s KILL nixos-rebuild-switch-to-configuration");
        var progress = await lab.EndedAsync(undo);

        Assert.True(progress.Outcome!.Verdict == SwitchVerdict.Verified, $"{progress.Outcome}");
        Assert.Equal(first, progress.Undoes);
        Assert.NotNull(RecoveryTimes.From(progress));
        Assert.Equal((OperationLab.Generation("slow"), OperationLab.Generation("slow")), (await lab.Machine.GenerationAsync("/run/current-system"), await lab.Machine.GenerationAsync("/nix/var/nix/profiles/system")));
    }

    [Fact]
    public async Task An_agent_that_has_failed_for_good_in_the_old_system_too_is_told()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("mkdir -p /run/systemd/system/agent-scout.service.d; printf '[Service]\nExecStartPre=/bin/sh -c \"! test -e /var/lib/agents/scout/crash\"\n' >/run/systemd/system/agent-scout.service.d/pre.conf; systemctl daemon-reload");
        var (_, undo) = await CrashAfterSwitchAsync();
        var progress = await lab.EndedAsync(undo);
        await lab.Machine.ShellAsync("rm -r /run/systemd/system/agent-scout.service.d; systemctl daemon-reload; " + Mended);

        Assert.Equal(SwitchVerdict.Unhealthy, progress.Outcome!.Verdict);
        Assert.Contains("Going back did not help: agent-scout.service", progress.Outcome.Detail, StringComparison.Ordinal);
        Assert.Null(RecoveryTimes.From(progress));
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task It_stands_again_after_a_restart_of_the_server()
    {
        await lab.StartAfreshAsync();
        var (_, undo) = await SwitchAsync(Long);
        await lab.Machine.ShellAsync("until systemctl -q is-active osmoda-standing; do sleep 0.05; done");
        await lab.Machine.RebootAsync();
        await lab.Machine.PowerOnAsync();
        await CrashAsync();
        await CalmDownWhenHealthyRunsAsync();
        var progress = await lab.EndedAsync(undo);

        Assert.Equal(SwitchVerdict.Verified, progress.Outcome!.Verdict);
        await lab.AssertHealthyAsync();
        Assert.Empty(await lab.Machine.ShellAsync("find /etc/systemd/system.control 2>/dev/null || true"));
    }

    [Fact]
    public async Task A_power_cut_on_the_way_back_does_not_keep_the_server_on_what_was_bad()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.SwitchAsync(OperationLab.Generation("slow"));
        var (_, undo) = await CrashAfterSwitchAsync();
        await lab.UntilAsync(undo, p => p.Notes.Any(n => n.Kind == "settling"));
        await lab.Machine.CutPowerAsync();
        await lab.Machine.PowerOnAsync();
        await lab.Machine.ShellAsync(Mended);
        var progress = await lab.EndedAsync(undo);

        Assert.Equal(SwitchVerdict.Verified, progress.Outcome!.Verdict);
        Assert.Equal((OperationLab.Generation("slow"), OperationLab.Generation("slow")), (await lab.Machine.GenerationAsync("/run/current-system"), await lab.Machine.GenerationAsync("/nix/var/nix/profiles/system")));
        Assert.Empty(await lab.Machine.ShellAsync("find /etc/systemd/system.control 2>/dev/null || true"));
    }

    [Fact]
    public async Task It_goes_on_when_a_deployment_comes_back_to_what_it_watches()
    {
        await lab.StartAfreshAsync();
        var (_, undo) = await SwitchAsync(Long);
        Assert.Equal(SwitchVerdict.RolledBack, (await lab.RunAsync("exitsAtOnce")).Outcome!.Verdict);
        await CrashAsync();
        await CalmDownWhenHealthyRunsAsync();

        Assert.Equal(SwitchVerdict.Verified, (await lab.EndedAsync(undo)).Outcome!.Verdict);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task What_a_person_stops_by_hand_is_not_the_doing_of_the_change_however_badly_it_ends()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("mkdir -p /run/systemd/system/agent-scout.service.d; printf '[Service]\nExecStop=/bin/sh -c \"exit 7\"\n' >/run/systemd/system/agent-scout.service.d/stop.conf; systemctl daemon-reload");
        var (_, undo) = await SwitchAsync(Long);
        await lab.Machine.ShellAsync("until systemctl -q is-active osmoda-standing; do sleep 0.05; done; systemctl stop agent-scout; systemctl is-failed agent-scout");

        // It sees the next trouble, and so has seen this one.
        await lab.Machine.ShellAsync("rm -r /run/systemd/system/agent-scout.service.d; systemctl daemon-reload; sleep 3; systemctl reset-failed agent-scout; systemctl start agent-scout");
        Assert.Equal(OperationLab.Generation("packages"), await lab.Machine.GenerationAsync("/run/current-system"));
        await CrashAsync();
        await CalmDownWhenHealthyRunsAsync();
        Assert.Equal("crash-loop", (await lab.EndedAsync(undo)).Trouble[0].Kind);
    }

    [Fact]
    public async Task What_was_forgiven_while_it_was_switched_is_not_held_against_it_afterwards()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("rm -f /var/lib/osmoda/undone");
        var undo = Guid.CreateVersion7();
        var operation = await lab.StartAsync("slow", SwitchPlan.ByHand with { StandConfirm = TimeSpan.Zero, UndoOperation = undo, Watched = [UnitName.Parse("agent-scribe.service")] });
        // The change does not touch it; what it needs is away while units are started anew.
        await lab.UntilAsync(operation, p => p.Stages.Any(stage => stage.Name == "activate"));
        await lab.Machine.ShellAsync("for turn in 1 2 3; do until [ \"$(systemctl show -P NRestarts agent-scribe)\" -ge $turn ]; do ! systemctl -q is-active agent-scribe || systemctl kill -s KILL agent-scribe; sleep 0.05; done; until systemctl -q is-active agent-scribe; do sleep 0.02; done; done");
        Assert.Equal(SwitchVerdict.Verified, (await lab.EndedAsync(operation)).Outcome!.Verdict);

        await lab.Machine.ShellAsync("until systemctl -q is-active osmoda-standing; do sleep 0.05; done; sleep 3; systemctl -q is-active osmoda-standing");
        Assert.Equal(OperationLab.Generation("slow"), await lab.Machine.GenerationAsync("/run/current-system"));
        await lab.Machine.ShellAsync("systemctl stop osmoda-standing");
    }

    [Fact]
    public async Task Whoever_kills_it_only_makes_it_begin_again()
    {
        await lab.StartAfreshAsync();
        var (_, undo) = await SwitchAsync(SwitchPlan.ByHand);
        await lab.Machine.ShellAsync("until systemctl -q is-active osmoda-standing; do sleep 0.05; done; systemctl kill -s KILL osmoda-standing; until [ \"$(systemctl show -P NRestarts osmoda-standing)\" = 1 ]; do sleep 0.1; done");
        await CrashAsync();
        await CalmDownWhenHealthyRunsAsync();

        Assert.Equal(SwitchVerdict.Verified, (await lab.EndedAsync(undo)).Outcome!.Verdict);
        await lab.AssertHealthyAsync();
    }

    [Theory]
    [InlineData("floor", "It had proved itself before, and what ran before it had not.")]
    [InlineData("pair", "It was undone once already, between the same two systems.")]
    [InlineData("cycle", "What ran before it was undone itself.")]
    public async Task Where_it_must_not_go_back_it_says_so_and_leaves_the_server_alone(string limit, string why)
    {
        await lab.StartAfreshAsync();
        var (healthy, packages) = ($"$(readlink -f /nix/var/nix/profiles/system-{SafeSwitchLab.Healthy}-link)", $"$(readlink -f /nix/var/nix/profiles/system-{OperationLab.Generation("packages")}-link)");
        await lab.Machine.ShellAsync("rm -f /var/lib/osmoda/undone; mkdir -p /var/lib/osmoda" + limit switch
        {
            "pair" => $"; echo {packages} {healthy} >/var/lib/osmoda/undone",
            "cycle" => $"; echo {healthy} {packages} >/var/lib/osmoda/undone",
            _ => "",
        });
        var undo = Guid.CreateVersion7();
        await lab.RunAsync("packages", SwitchPlan.ByHand with { StandConfirm = TimeSpan.Zero, UndoOperation = undo, IsFloor = limit == "floor" });
        await CrashAsync();
        var progress = await lab.EndedAsync(undo);
        await lab.Machine.ShellAsync(Mended + "; rm -f /var/lib/osmoda/undone");

        Assert.Equal(SwitchVerdict.NeedsPerson, progress.Outcome!.Verdict);
        Assert.EndsWith(why, progress.Outcome.Detail, StringComparison.Ordinal);
        Assert.Equal("crash-loop", progress.Trouble[0].Kind);
        Assert.Equal(OperationLab.Generation("packages"), await lab.Machine.GenerationAsync("/run/current-system"));
    }

    // Switches by hand, with a plan that asks for no confirmation: that switch, and what it would be undone by.
    private async Task<(Guid? First, Guid Undo)> SwitchAsync(SwitchPlan plan)
    {
        await lab.Machine.ShellAsync("rm -f /var/lib/osmoda/undone");
        var undo = Guid.CreateVersion7();
        return ((await lab.RunAsync("packages", plan with { StandConfirm = TimeSpan.Zero, UndoOperation = undo })).Operation, undo);
    }

    // The same, and the agent crashes again and again once the server stands watch.
    private async Task<(Guid? First, Guid Undo)> CrashAfterSwitchAsync()
    {
        var switched = await SwitchAsync(SwitchPlan.ByHand);
        await CrashAsync();
        return switched;
    }

    private Task<string> CrashAsync() =>
        lab.Machine.ShellAsync("until systemctl -q is-active osmoda-standing; do sleep 0.05; done; mkdir -p /var/lib/agents/scout; touch /var/lib/agents/scout/crash; systemctl kill -s KILL agent-scout");

    private Task<string> CalmDownWhenHealthyRunsAsync() =>
        lab.Machine.ShellAsync($"until [ $(readlink -f /run/current-system) = $(readlink -f /nix/var/nix/profiles/system-{SafeSwitchLab.Healthy}-link) ]; do sleep 0.02; done; rm /var/lib/agents/scout/crash");
}
