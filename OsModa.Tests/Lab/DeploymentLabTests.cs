using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>Whatever goes wrong between saving and running: the server runs what its profile says, and the repository has what was saved.</summary>
[Trait("Tier", "lab")]
public sealed class DeploymentLabTests
{
    [Fact]
    public async Task An_agent_that_crashes_is_taken_back_and_leaves_no_generation()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await AdoptedAsync(machine);
        var before = lab.Operations.State.Pins!.Current!.Value;
        await lab.SaveAsync(ConfigurationLab.Agent("muse", ("arguments", new NixList([new NixText("--crash-after"), new NixText("1")]))));

        var built = await lab.CheckAsync();
        var operation = await lab.DeployAsync(built, OsModa.Core.SafeSwitch.SwitchPlan.Deployment);

        Assert.True(operation.State == OperationState.RolledBack, operation.Outcome);
        await lab.Operations.SeesAsync(state => state.Pins?.Current == before);
        Assert.Equal("7", await NumberAsync(machine));
        Assert.Contains("is marked bad by", (await RefusedAsync(lab, built)).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("activate")]
    [InlineData("probation")]
    [InlineData("commit")]
    public async Task A_power_cut_in_a_deployment_comes_back_on_the_old_system_or_on_the_new_one(string stage)
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await AdoptedAsync(machine);
        var before = lab.Operations.State.Pins!.Current!.Value.Text;
        await lab.SaveAsync(ConfigurationLab.Agent("muse"));
        var built = await lab.CheckAsync();
        var request = Request(lab, built) with { Plan = OsModa.Core.SafeSwitch.SwitchPlan.Deployment with { Probation = TimeSpan.FromSeconds(4) } };
        Assert.IsType<RollBackResult.Started>(await lab.Deploy.RunAsync(lab.Operations.Ann, request, TestContext.Current.CancellationToken));

        await machine.ShellAsync($"until grep -q 'stage.{stage}' /var/lib/osmoda/operations/{request.Sheet:D}/journal; do sleep 0.01; done");
        await machine.CutPowerAsync();
        await machine.PowerOnAsync();

        var operation = await lab.Operations.EndedAsync(request.Sheet);
        var (runs, starts) = (await PathAsync(machine, "/run/current-system"), await PathAsync(machine, "/nix/var/nix/profiles/system"));
        Assert.Contains(runs, new[] { before, built.System!.Value.Text });
        // Between profile and boot menu the new one may be the profile's already while the old one was started: it is known, never half.
        Assert.True(runs == starts || (stage == "commit" && starts == built.System.Value.Text), $"{operation.State} {operation.Outcome}: runs {runs}, profile {starts}");
        Assert.Equal(runs == built.System.Value.Text, (await lab.HealthAsync("muse")).Contains("muse", StringComparison.Ordinal));

        // And it can be gone on with.
        await lab.Operations.SeesAsync(state => state.Reach == OsModa.Core.Observation.Reach.Live && state.Pins?.Current?.Text == runs);
        if (runs == before)
        {
            var again = await lab.DeployAsync(await lab.CheckAsync());
            Assert.True(again.State == OperationState.Verified, again.Outcome);
        }

        Assert.Contains("muse", await lab.HealthAsync("muse"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_power_cut_in_a_build_is_told_and_the_next_run_passes()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await AdoptedAsync(machine);
        await lab.SaveAsync(new Setting(OptionPath.Of("lab", "slow"), NixSet.Of([new("seconds", new NixInteger(4))])));
        var run = await lab.StartAsync();
        await machine.ShellAsync($"until grep -q 'step 2 of 5' /var/lib/osmoda/checks/{run:D}/journal; do sleep 0.05; done");
        await machine.CutPowerAsync();
        await machine.PowerOnAsync();

        var ended = await lab.EndedAsync(run);
        Assert.Equal((CheckState.Lost, "The server was restarted in the middle."), (ended.State, ended.Outcome));
        Assert.Equal("7", await NumberAsync(machine));
        await lab.Operations.SeesAsync(state => state.Reach == OsModa.Core.Observation.Reach.Live);
        var next = await lab.CheckAsync();
        Assert.True(next.State == CheckState.Passed, ConfigurationLab.Words(next));
    }

    [Theory]
    [InlineData("options")]
    [InlineData("system")]
    [InlineData("build")]
    public async Task Checks_that_are_killed_at_any_step_are_told_and_the_next_run_passes(string step)
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await AdoptedAsync(machine);
        await lab.SaveAsync(new Setting(OptionPath.Of("lab", "slow"), NixSet.Of([new("seconds", new NixInteger(3))])));
        var run = await lab.StartAsync();
        await machine.ShellAsync($"until grep -q 'step.{step}' /var/lib/osmoda/checks/{run:D}/journal 2>/dev/null; do sleep 0.01; done; systemctl kill --signal=KILL osmoda-check-{run:D}.service");

        Assert.Contains((await lab.EndedAsync(run)).State, new[] { CheckState.Lost, CheckState.Failed });
        Assert.Equal("7", await NumberAsync(machine));
        var next = await lab.CheckAsync();
        Assert.True(next.State == CheckState.Passed, ConfigurationLab.Words(next));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_leaves_everything_as_it_was()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await AdoptedAsync(machine);
        await lab.SaveAsync(ConfigurationLab.Agent("muse"));
        await machine.ShellAsync("mkdir -p /var/lib/osmoda/checks && mount -t tmpfs -o size=16k tmpfs /var/lib/osmoda/checks && head -c 100000 /dev/zero >/var/lib/osmoda/checks/full || true");
        var refused = await lab.RunCheck.StartAsync(lab.Operations.Ann, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = lab.Server }, TestContext.Current.CancellationToken);

        Assert.Equal("The server cannot write to /var/lib/osmoda/checks: the disk is full or read-only.", refused.Errors[""]);
        await machine.ShellAsync("umount /var/lib/osmoda/checks");
        var deployed = await lab.DeployAsync(await lab.CheckAsync());
        Assert.True(deployed.State == OperationState.Verified, deployed.Outcome);
    }

    private static async Task<ConfigurationLab> AdoptedAsync(LabServer machine)
    {
        var lab = await ConfigurationLab.OpenAsync(machine);
        Assert.Equal(CheckState.Passed, (await lab.EndedAsync((await lab.AdoptAsync()).Check!.Value)).State);
        return lab;
    }

    private static DeployRequest Request(ConfigurationLab lab, CheckProgress built) => new() { Sheet = Guid.CreateVersion7(), Check = built.Run, SeenCurrent = lab.Operations.State.Pins!.Current!.Value };

    private static async Task<RollBackResult.Refused> RefusedAsync(ConfigurationLab lab, CheckProgress built) =>
        Assert.IsType<RollBackResult.Refused>(await lab.Deploy.RunAsync(lab.Operations.Ann, Request(lab, built), TestContext.Current.CancellationToken));

    private static async Task<string> PathAsync(LabServer machine, string link) => (await machine.ShellAsync($"readlink -f {link}")).Trim();

    private static async Task<string> NumberAsync(LabServer machine) => (await machine.ShellAsync("readlink /nix/var/nix/profiles/system | tr -dc 0-9")).Trim();
}
