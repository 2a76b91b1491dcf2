using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>A switch by a restart makes its target the default before it has proved itself: whatever interrupts it, the server does not stay on it unwatched.</summary>
[Trait("Tier", "lab")]
public sealed class InterruptedRestartTests(SafeSwitchLab lab) : IClassFixture<SafeSwitchLab>
{
    private const string KillScript = "systemctl kill -s KILL nixos-rebuild-switch-to-configuration";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_loses_its_power_or_its_script_in_the_probation_goes_back_by_another_restart(bool power)
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("needsReboot", SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(60) }, SwitchMode.Restart);
        await lab.StageAsync(id, "probation");

        if (power)
        {
            await lab.Machine.CutPowerAsync();
            await lab.Machine.PowerOnAsync();
        }
        else
        {
            await lab.Machine.ShellAsync(KillScript);
        }

        var progress = await lab.EndedAsync(id);

        Assert.True(progress.Outcome!.Verdict == SwitchVerdict.RolledBack, $"{progress.Outcome}");
        Assert.Equal(SafeSwitchLab.Healthy, await lab.Machine.GenerationAsync("/run/booted-system"));
        await lab.AssertHealthyAsync();
        Assert.Empty(await lab.Machine.ShellAsync("find /etc/systemd/system.control 2>/dev/null || true"));
    }

    [Fact]
    public async Task A_script_that_is_killed_before_the_restart_leaves_the_old_default()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("mkfifo /boot/loader/loader.conf.tmp");        // the boot loader is written when somebody reads
        var id = await lab.StartAsync("needsReboot", mode: SwitchMode.Restart);
        await lab.StageAsync(id, "commit");

        await lab.Machine.ShellAsync($"sleep 0.3; rm /boot/loader/loader.conf.tmp; {KillScript}");
        var progress = await lab.EndedAsync(id);

        Assert.Equal(SwitchVerdict.Failed, progress.Outcome!.Verdict);
        await lab.AssertHealthyAsync();
        Assert.Empty(await lab.Machine.ShellAsync("find /etc/systemd/system.control 2>/dev/null || true"));
    }
}
