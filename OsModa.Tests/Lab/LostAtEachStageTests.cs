using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>The server decides alone: whether anybody is connected, and in which stage the connection or the power goes, makes no difference to the end.</summary>
[Trait("Tier", "lab")]
public sealed class LostAtEachStageTests(SafeSwitchLab lab) : IClassFixture<SafeSwitchLab>
{
    // The server's end of every connection, as the death of ssh leaves it.
    internal const string KillSsh = "for p in /proc/[0-9]*; do grep -aqs '^sshd[-a-z]*: [^/]' $p/cmdline && kill -KILL ${p#/proc/}; done; true";

    [Theory]
    [InlineData("exitsAfter3", "activate", true)]
    [InlineData("file", "probation", true)]
    [InlineData("file", "commit", true)]
    [InlineData("exitsAtOnce", "back", true)]
    [InlineData("exitsAfter3", "probation", false)]
    [InlineData("file", "commit", false)]
    [InlineData("exitsAtOnce", "back", false)]
    public async Task Without_a_connection_it_ends_as_with_one(string idea, string stage, bool ssh)
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync(idea, SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(idea == "file" ? 1 : 4) });
        await lab.StageAsync(id, stage);

        await (ssh ? lab.Machine.ShellAsync(KillSsh) : lab.Machine.PlugOutAsync());
        var progress = await lab.EndedAsync(id);
        await lab.Machine.PlugInAsync();

        if (idea == "file")
        {
            Assert.Equal((SwitchVerdict.Verified, OperationLab.Generation(idea)), (progress.Outcome!.Verdict, await lab.Machine.GenerationAsync("/run/current-system")));
            return;
        }

        Assert.Equal(SwitchVerdict.RolledBack, progress.Outcome!.Verdict);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_change_that_breaks_sshd_is_undone_and_lets_people_in_again()
    {
        await lab.StartAfreshAsync();

        var progress = await lab.RunAsync("sshLost", SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(1), Confirm = TimeSpan.FromSeconds(3) });

        Assert.Equal(SwitchVerdict.RolledBack, progress.Outcome!.Verdict);
        await lab.AssertHealthyAsync();
        await lab.Machine.EnterAsync("/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/22");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_power_cut_or_a_restart_while_it_becomes_the_default_comes_back_on_one_of_the_two_wholly(bool power)
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("file", SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(1) });
        await lab.StageAsync(id, "commit");

        if (power)
        {
            await lab.Machine.CutPowerAsync();
            await lab.Machine.PowerOnAsync();
        }
        else
        {
            await lab.Machine.RebootAsync();
        }

        await lab.Machine.ShellAsync("rm -f /nix/var/nix/gcroots/osmoda/*");
        var booted = await lab.Machine.GenerationAsync("/run/booted-system");
        Assert.Equal(booted, await lab.Machine.GenerationAsync("/run/current-system"));
        Assert.Contains(booted, (int[])[SafeSwitchLab.Healthy, OperationLab.Generation("file")]);
        if ((await lab.ReadAsync(id))?.Outcome is { } outcome)
        {
            Assert.Equal((SwitchVerdict.Verified, OperationLab.Generation("file")), (outcome.Verdict, booted));
        }
    }
}
