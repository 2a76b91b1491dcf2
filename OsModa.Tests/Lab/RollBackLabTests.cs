using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

[Trait("Tier", "lab")]
public sealed class RollBackLabTests(SwitchLab lab) : IClassFixture<SwitchLab>
{
    [Theory]
    [InlineData("packages")]
    [InlineData("unit")]
    [InlineData("file")]
    public async Task A_rollback_is_verified_by_what_the_server_runs_and_boots(string idea)
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var target = OperationLab.Generation(idea);

        var row = await dashboard.RunAsync(target);

        Assert.Equal((OperationState.Verified, SwitchVerdict.Verified), (row.State, row.Verdict));
        Assert.Equal(["preflight", "armed", "activate", "probation", "commit"], StageRecord.Read(row.Stages).Select(s => s.Name));
        Assert.All(StageRecord.Read(row.Stages), s => Assert.False(s.Failed));
        Assert.Contains("activating the configuration...", row.Output, StringComparison.Ordinal);
        Assert.Equal((target, target), (await lab.GenerationAsync("/run/current-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));
        Assert.Contains($"default nixos-generation-{target}.conf", await lab.Machine.ShellAsync("cat /boot/loader/loader.conf"), StringComparison.Ordinal);
        Assert.Equal("standing", (await lab.Machine.ShellAsync("ls /nix/var/nix/gcroots/osmoda")).Trim());
    }

    [Fact]
    public async Task Undo_is_the_same_way_forward()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        await dashboard.RunAsync(OperationLab.Generation("unit"));

        var row = await dashboard.RunAsync(SwitchLab.Healthy);

        Assert.Equal(OperationState.Verified, row.State);
        Assert.Equal(SwitchLab.Healthy, await lab.GenerationAsync("/run/current-system"));
        Assert.Empty(await dashboard.History.MarksAsync(dashboard.Ann, dashboard.Server.Id));
    }

    [Fact]
    public async Task Another_kernel_is_activated_and_the_restart_it_needs_is_said()
    {
        await using var dashboard = await lab.StartAfreshAsync();

        var row = await dashboard.RunAsync(OperationLab.Generation("file"));
        await dashboard.SeesAsync(s => s.Pins!.RebootNeeded);

        Assert.Equal(OperationState.Verified, row.State);
        Assert.EndsWith("Its kernel comes with the next restart.", row.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_crashes_again_and_again_is_taken_back_by_the_server_itself()
    {
        await using var dashboard = await lab.StartAfreshAsync();

        var id = await dashboard.StartAsync(OperationLab.Generation("crashLoop"));

        // Whether its first crash is seen before or after the default at next boot was set is a matter of milliseconds.
        await dashboard.SeesAsync(s => s.Switch is { Outcome: { } outcome } last && (last.Undoes == id ? outcome.Verified : outcome.Verdict == SwitchVerdict.RolledBack));
        var told = dashboard.State.Switch!;
        Assert.Contains(told.Trouble, t => t.Unit == "agent-scout.service");
        Assert.Equal((SwitchLab.Healthy, SwitchLab.Healthy), (await lab.GenerationAsync("/run/current-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));
        Assert.Equal("active\n", await lab.Machine.ShellAsync("systemctl is-active agent-scout.service"));
    }

    [Theory]
    [InlineData("unitFails", "migrate")]
    [InlineData("activationFails", "activation script")]
    public async Task A_target_that_fails_is_taken_back_and_marked(string idea, string named)
    {
        await using var dashboard = await lab.StartAfreshAsync();

        var row = await dashboard.RunAsync(OperationLab.Generation(idea));

        Assert.Equal((OperationState.RolledBack, SwitchVerdict.RolledBack), (row.State, row.Verdict));
        Assert.Contains(named, row.Outcome, StringComparison.Ordinal);
        Assert.Equal((SwitchLab.Healthy, SwitchLab.Healthy), (await lab.GenerationAsync("/run/current-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));
        Assert.Contains(row.TargetSystem, await dashboard.History.MarksAsync(dashboard.Ann, dashboard.Server.Id));
    }

    [Theory]
    [InlineData("needsReboot")]
    [InlineData("inhibited")]
    public async Task What_can_only_come_by_a_restart_changes_nothing_until_it_is_chosen_for_the_next_boot(string idea)
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var target = OperationLab.Generation(idea);

        var now = await dashboard.RunAsync(target);
        Assert.Equal((OperationState.Failed, SwitchVerdict.NeedsReboot), (now.State, now.Verdict));
        Assert.Equal((SwitchLab.Healthy, SwitchLab.Healthy), (await lab.GenerationAsync("/run/current-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));

        var next = await dashboard.RunAsync(target, SwitchMode.Boot);
        Assert.Equal((OperationState.Verified, $"A restart of the server starts generation {target}."), (next.State, next.Outcome));
        Assert.Equal((SwitchLab.Healthy, target), (await lab.GenerationAsync("/run/current-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));
    }

    [Fact]
    public async Task While_the_switch_waits_for_a_busy_server_it_says_so()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var id = await dashboard.StartAsync(OperationLab.Generation("busyBus"));

        await dashboard.SeesAsync(s => s.Switch?.Notes.Count(n => n.Kind == "settling") >= 3);

        Assert.Equal(OperationState.Running, (await dashboard.History.FindAsync(dashboard.Ann, id))!.State);
        Assert.Equal(OperationState.Verified, (await dashboard.EndedAsync(id)).State);
    }

    [Fact]
    public async Task The_sheet_tells_beforehand_which_units_are_touched()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        await dashboard.RunAsync(OperationLab.Generation("file"));
        await dashboard.SeesAsync(s => s.Pins?.NextBootNumber == OperationLab.Generation("file"));

        var preview = await PreviewAsync(dashboard, "packages");

        Assert.True(preview is { Fault: null, Open: null });
        Assert.DoesNotContain(preview.Checks, c => c.State == CheckState.Failed);
        Assert.Contains("redis-main.service", preview.Switch!.Units!.Restarts.Select(u => u.Text));
        Assert.Contains(preview.Checks, c => c is { Name: "valid", State: CheckState.Ok } && c.Why.EndsWith(" paths", StringComparison.Ordinal));
        Assert.Contains(new PreviewCheck("lock", CheckState.Ok, ""), preview.Checks);
        Assert.Equal(1, (await dashboard.History.OfServerAsync(dashboard.Ann, dashboard.Server.Id)).Count(o => o.State == OperationState.Verified));
    }

    [Theory]
    [InlineData("needsReboot", "init")]
    [InlineData("inhibited", "inhibitors")]
    public async Task The_sheet_tells_beforehand_what_can_only_come_by_a_restart(string idea, string check)
    {
        await using var dashboard = await lab.StartAfreshAsync();

        var preview = await PreviewAsync(dashboard, idea);

        Assert.True(preview.Switch!.OnlyByReboot);
        Assert.Equal(CheckState.Failed, preview.Checks.Single(c => c.Name == check).State);
    }

    private static async Task<RollbackPreview> PreviewAsync(OperationLab dashboard, string idea)
    {
        var request = dashboard.To(OperationLab.Generation(idea));
        return (await dashboard.Preview.RunAsync(dashboard.Ann, request.Server, request.Generation, request.Target, TestContext.Current.CancellationToken))!;
    }
}
