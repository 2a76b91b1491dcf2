using System.Collections.Immutable;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>Every way in which a change can do a server no good ends on the old system, with the truth about why.</summary>
[Trait("Tier", "lab")]
public sealed class BadChangeLabTests(SafeSwitchLab lab) : IClassFixture<SafeSwitchLab>
{
    [Theory]
    [InlineData("exitsAtOnce", "crash", "agent-scout.service")]
    [InlineData("crashLoop", "crash", "agent-scout.service")]
    [InlineData("exitsAfter3", "crash|short", "agent-scout.service")]
    [InlineData("memory", "crash", "agent-scout.service")]
    [InlineData("neverReady", "failed|start-job", "search-index.service")]
    [InlineData("unitFails", "start-job|failed", "migrate.service")]
    [InlineData("activationFails", "activation", "")]
    [InlineData("hangsInStop", "crash", "agent-scout.service")]
    public async Task A_bad_change_undoes_itself(string idea, string kinds, string unit)
    {
        await lab.StartAfreshAsync();

        var operation = await lab.StartAsync(idea);
        var progress = await lab.EndedAsync(operation);

        AssertRolledBack(progress, kinds, unit);
        await AssertToldAsync(operation, progress);
        await lab.AssertHealthyAsync();
    }

    [Theory]
    [InlineData("unit", "port\ttcp\t127.0.0.1\t8080")]
    [InlineData("webBroken", "shop\thttp\thttp://127.0.0.1:8080/\t200\t=\t1000")]
    [InlineData("web", "shop\thttp\thttp://127.0.0.1:8080/\t200\t=another text\t1000")]
    [InlineData("unit", "cmd\tcommand\ttest -e /run/never")]
    [InlineData("unit", "agentd\tdaemon\t/run/osmoda/agentd.sock")]
    [InlineData("unit", "backup\tunit\trestic-backups-daily.service")]
    public async Task A_check_that_does_not_hold_undoes_the_change(string idea, string check)
    {
        await lab.StartAfreshAsync();

        var operation = await lab.StartAsync(idea, SafeSwitchLab.Plan with { Checks = [Check(check)] });
        var progress = await lab.EndedAsync(operation);

        AssertRolledBack(progress, "check", check[..check.IndexOf('\t', StringComparison.Ordinal)]);
        await AssertToldAsync(operation, progress);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_check_that_held_and_hangs_since_does_not_count_as_holding_at_the_end()
    {
        await lab.StartAfreshAsync();

        var operation = await lab.StartAsync("unit", SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(4), Checks = [Check("cmd\tcommand\ttest ! -e /run/hang || exec sleep 60")] });
        await lab.Machine.ShellAsync($"until [ -e /run/osmoda/{operation:D}/holds.1 ]; do sleep 0.02; done; touch /run/hang");
        await lab.UntilAsync(operation, p => !p.Trouble.IsEmpty);
        await lab.Machine.ShellAsync("rm /run/hang");
        var progress = await lab.EndedAsync(operation);

        AssertRolledBack(progress, "check", "cmd");
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_change_whose_checks_hold_is_made_the_default_after_its_probation()
    {
        await lab.StartAfreshAsync();
        ImmutableArray<HealthCheck> checks =
        [
            Check("http\thttp\thttp://127.0.0.1:8080/\t200\t=shop 200\t2000"), Check("port\ttcp\t127.0.0.1\t8080"), Check("agent\tdaemon\t/run/agents/scout.sock"),
            Check("cmd\tcommand\ttest -S /run/agents/scout.sock"), Check("unit\tunit\tshop-web.service"),
        ];

        var progress = await lab.RunAsync("web", SafeSwitchLab.Plan with { Checks = checks, Watched = [UnitName.Parse("agent-scribe.service")] });

        Assert.Equal((SwitchVerdict.Verified, true), (progress.Outcome!.Verdict, progress.Decision!.Good));
        Assert.Empty(progress.Trouble);
        Assert.Equal(["preflight", "armed", "activate", "probation", "commit"], progress.Stages.Select(s => s.Name));
        Assert.Equal((OperationLab.Generation("web"), OperationLab.Generation("web")), (await lab.Machine.GenerationAsync("/run/current-system"), await lab.Machine.GenerationAsync("/nix/var/nix/profiles/system")));
    }

    [Fact]
    public async Task A_rollback_by_hand_to_a_generation_that_crashes_comes_back_too()
    {
        await lab.StartAfreshAsync();

        AssertRolledBack(await lab.RunAsync("exitsAtOnce", SwitchPlan.ByHand), "crash|crash-loop|failed", "agent-scout.service");
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_check_that_held_before_and_does_not_hold_in_the_old_system_either_calls_a_person()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("touch /run/held");
        var operation = await lab.StartAsync("unit", SafeSwitchLab.Plan with { Checks = [Check("cmd\tcommand\ttest -e /run/held")] });
        await lab.StageAsync(operation, "probation");
        await lab.Machine.ShellAsync("rm /run/held");

        var progress = await lab.EndedAsync(operation);

        Assert.Equal(SwitchVerdict.NeedsPerson, progress.Outcome!.Verdict);
        Assert.EndsWith("The old system runs again, but not well: check cmd (the command does not end with 0).", progress.Outcome.Detail, StringComparison.Ordinal);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_check_that_misses_once_in_between_is_no_trouble_not_even_at_the_very_end()
    {
        await lab.StartAfreshAsync();
        var everySecond = Check("cmd\tcommand\tif test -e /run/missed; then rm /run/missed; else touch /run/missed; false; fi");

        var progress = await lab.RunAsync("unit", SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(1), Checks = [everySecond] });

        Assert.True(progress.Outcome!.Verified, $"{progress.Outcome} {string.Join("; ", progress.Trouble)}");
    }

    [Theory]
    [InlineData("needsReboot", SwitchVerdict.NeedsReboot)]
    [InlineData("inhibited", SwitchVerdict.NeedsReboot)]
    public async Task What_needs_a_restart_changes_nothing(string idea, SwitchVerdict verdict)
    {
        await lab.StartAfreshAsync();

        Assert.Equal(verdict, (await lab.RunAsync(idea)).Outcome!.Verdict);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task What_needs_a_restart_comes_by_one_and_what_crashes_after_it_goes_by_another()
    {
        await lab.StartAfreshAsync();
        var good = await lab.RunAsync("needsReboot", mode: SwitchMode.Restart);
        Assert.Equal((SwitchVerdict.Verified, OperationLab.Generation("needsReboot")), (good.Outcome!.Verdict, await lab.Machine.GenerationAsync("/run/booted-system")));

        var bad = await lab.RunAsync("exitsAtOnce", mode: SwitchMode.Restart);

        AssertRolledBack(bad, "crash|crash-loop", "agent-scout.service");
        Assert.Equal(OperationLab.Generation("needsReboot"), await lab.Machine.GenerationAsync("/run/booted-system"));
        Assert.Equal(OperationLab.Generation("needsReboot"), await lab.Machine.GenerationAsync("/nix/var/nix/profiles/system"));
        await lab.RunAsync("healthy", SwitchPlan.ByHand, SwitchMode.Boot);
        await lab.Machine.RebootAsync();
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_drill_is_built_out_of_the_running_system_and_undone()
    {
        await lab.StartAfreshAsync();

        var answer = (await lab.SayAsync(SwitchScripts.Drill, Guid.NewGuid().ToString("D"))).Split('\t');
        Assert.Equal("built", answer[0]);
        var order = await lab.OrderAsync(OsModa.Core.Nix.StorePath.Parse(answer[1]), 0, SafeSwitchLab.Plan);
        Assert.IsType<StartAnswer.Started>(await lab.TellAsync(order));

        AssertRolledBack(await lab.EndedAsync(order.Operation), "crash|crash-loop", "osmoda-drill.service");
        await lab.AssertHealthyAsync();
    }

    private async Task AssertToldAsync(Guid operation, SwitchProgress progress)
    {
        var told = await lab.JudgedAsync(operation, progress);

        Assert.Equal(OperationState.RolledBack, told.State);
        Assert.StartsWith(progress.Decision!.Text, told.Sentence, StringComparison.Ordinal);
        Assert.Contains($"The server runs generation {SafeSwitchLab.Healthy} again: noticed after", told.Sentence, StringComparison.Ordinal);
    }

    private static void AssertRolledBack(SwitchProgress progress, string kinds, string unit)
    {
        Assert.True(progress.Outcome!.Verdict == SwitchVerdict.RolledBack, $"{progress.Outcome} {string.Join("; ", progress.Trouble)}");
        Assert.False(progress.Decision!.Good);
        Assert.Equal(unit, progress.Decision.Unit);
        Assert.Contains(progress.Trouble[0].Kind, kinds.Split('|'));
        Assert.Equal(progress.From, progress.Outcome.Current);
        Assert.NotNull(RecoveryTimes.From(progress));
    }

    private static HealthCheck Check(string text) => HealthCheckText.TryParse(text, out var check, out var error) ? check : throw new FormatException(error);
}
