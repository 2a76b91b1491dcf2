using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What is looked at before anything is touched: what was in trouble already, what is missing, what is full.</summary>
[Trait("Tier", "lab")]
public sealed class BeforeTheSwitchLabTests(SafeSwitchLab lab) : IClassFixture<SafeSwitchLab>
{
    [Theory]
    [InlineData(false, SwitchVerdict.Refused)]
    [InlineData(true, SwitchVerdict.RolledBack)]
    public async Task Nobody_goes_on_without_the_timer_of_last_resort(bool byHand, SwitchVerdict verdict)
    {
        await lab.StartAfreshAsync();
        var order = await lab.OrderAsync(await lab.SystemAsync($"/nix/var/nix/profiles/system-{OperationLab.Generation("unit")}-link"), OperationLab.Generation("unit"), byHand ? SwitchPlan.ByHand : SafeSwitchLab.Plan);
        var taken = $"/run/systemd/system/osmoda-guard-{order.Operation:D}.timer";
        await lab.Machine.ShellAsync($"printf '[Timer]\nOnActiveSec=1h\n' >{taken}");

        Assert.IsType<StartAnswer.Started>(await lab.TellAsync(order));
        var progress = await lab.EndedAsync(order.Operation);
        await lab.Machine.ShellAsync($"rm {taken}; systemctl daemon-reload");

        Assert.Equal(verdict, progress.Outcome!.Verdict);
        Assert.Contains("systemd would not set the timer of last resort.", progress.Outcome.Detail, StringComparison.Ordinal);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_mount_that_had_failed_before_does_not_count_against_the_change()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("mkdir /mnt/gone; echo 'nothing /mnt/gone nosuchtype nofail 0 0' >>/etc/fstab; systemctl daemon-reload; ! systemctl start mnt-gone.mount; systemctl is-failed mnt-gone.mount");
        try
        {
            var progress = await lab.RunAsync("file");

            Assert.True(progress.Outcome!.Verified, $"{progress.Outcome} {string.Join("; ", progress.Trouble)}");
            Assert.Contains(progress.Notes, n => n.Kind == "baseline" && n.Text.Contains("mnt-gone.mount", StringComparison.Ordinal));
        }
        finally
        {
            await lab.Machine.ShellAsync("sed -i '\\,/mnt/gone,d' /etc/fstab; rmdir /mnt/gone; systemctl daemon-reload; systemctl reset-failed");
        }
    }

    [Fact]
    public async Task What_was_in_trouble_before_does_not_count_against_the_change()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("systemd-run --quiet --unit=broken-before false; until systemctl -q is-failed broken-before; do sleep 0.05; done");

        var progress = await lab.RunAsync("unit");

        Assert.True(progress.Outcome!.Verified, $"{progress.Outcome} {string.Join("; ", progress.Trouble)}");
        Assert.Contains(progress.Notes, n => n.Kind == "baseline" && n.Text.Contains("broken-before.service", StringComparison.Ordinal));
        await lab.Machine.ShellAsync("systemctl reset-failed");
    }

    [Fact]
    public async Task A_full_disk_is_found_before_anything_is_touched()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("mount -t tmpfs -o size=512k tmpfs /boot");
        try
        {
            var progress = await lab.RunAsync("unit");

            Assert.Equal(SwitchVerdict.Refused, progress.Outcome!.Verdict);
            Assert.Contains("MiB are free on /boot", progress.Outcome.Detail, StringComparison.Ordinal);
        }
        finally
        {
            await lab.Machine.ShellAsync("umount /boot");
        }

        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_way_back_is_not_refused_for_want_of_room()
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("mount -t tmpfs -o size=512k tmpfs /boot");
        try
        {
            var progress = await lab.RunAsync("unit", new SwitchPlan { CommitEarly = true });

            Assert.NotEqual(SwitchVerdict.Refused, progress.Outcome!.Verdict);
        }
        finally
        {
            await lab.Machine.ShellAsync("umount /boot");
        }
    }
}
