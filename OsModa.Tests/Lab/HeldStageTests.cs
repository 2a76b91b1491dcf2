using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>Stages that are over in milliseconds, held until what is to happen in them has happened.</summary>
[Trait("Tier", "lab")]
public sealed class HeldStageTests(SafeSwitchLab lab) : IClassFixture<SafeSwitchLab>
{
    private const string KillScript = "systemctl kill -s KILL nixos-rebuild-switch-to-configuration";

    [Fact]
    public async Task Without_a_connection_from_the_beginning_it_ends_as_with_one()
    {
        await lab.StartAfreshAsync();
        await using var hold = await HeldStages.HoldAsync(lab.Machine);
        var id = await lab.StartAsync("file", hold.In(SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(1) }));

        await lab.StageAsync(id, "preflight");
        await lab.Machine.ShellAsync(LostAtEachStageTests.KillSsh);
        await hold.LetGoAsync("preflight");
        await lab.StageAsync(id, "armed");
        await lab.Machine.PlugOutAsync();
        await hold.LetGoAsync("armed");
        var progress = await lab.EndedAsync(id);
        await lab.Machine.PlugInAsync();

        Assert.Equal((SwitchVerdict.Verified, OperationLab.Generation("file")), (progress.Outcome!.Verdict, await lab.Machine.GenerationAsync("/run/current-system")));
    }

    [Theory]
    [InlineData("preflight")]
    [InlineData("armed")]
    public async Task A_script_that_is_killed_before_it_touched_anything_has_touched_nothing(string stage)
    {
        await lab.StartAfreshAsync();
        var before = await lab.Machine.SwitchesAsync();
        var (id, hold) = await HeldInAsync(stage, "exitsAtOnce");

        await lab.Machine.ShellAsync(KillScript);
        var progress = await lab.EndedAsync(id);
        await hold.DisposeAsync();

        Assert.Equal(SwitchVerdict.Failed, progress.Outcome!.Verdict);
        Assert.Contains("before it had touched anything", progress.Outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(before, await lab.Machine.SwitchesAsync());
        await lab.AssertHealthyAsync();
    }

    [Theory]
    [InlineData("preflight", true)]
    [InlineData("armed", false)]
    public async Task A_server_that_goes_down_before_anything_was_touched_comes_back_as_it_was(string stage, bool power)
    {
        await lab.StartAfreshAsync();
        var (id, hold) = await HeldInAsync(stage, "file");

        await (power ? lab.Machine.CutPowerAsync() : lab.Machine.RebootAsync());
        await lab.Machine.PowerOnAsync();
        await hold.DisposeAsync();

        await lab.AssertBootedHealthyAsync();
        Assert.True((await lab.ReadAsync(id))?.Outcome is null or { Verdict: SwitchVerdict.Refused });       // on the way down systemd sets no timer any more
    }

    [Theory]
    [InlineData(KillScript, SwitchVerdict.Verified)]
    [InlineData("killed=; until [ -n \"$killed\" ]; do for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline | grep -q '[s]witch-to-configuration boot' && kill -KILL ${p#/proc/} && killed=yes; done 2>/dev/null; done", SwitchVerdict.RolledBack)]
    public async Task A_commit_that_is_killed_is_done_by_who_comes_after_or_taken_back(string deed, SwitchVerdict verdict)
    {
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync("mkfifo /boot/loader/loader.conf.tmp");        // the boot loader is written when somebody reads
        var id = await lab.StartAsync("file", SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(1) });
        await lab.StageAsync(id, "commit");

        await lab.Machine.ShellAsync($"until [ /nix/var/nix/profiles/system -ef /nix/var/nix/profiles/system-{OperationLab.Generation("file")}-link ]; do sleep 0.02; done; sleep 0.3; {deed}; rm /boot/loader/loader.conf.tmp");
        var progress = await lab.EndedAsync(id);

        Assert.True(verdict == progress.Outcome!.Verdict, $"{progress.Outcome}");
        if (verdict == SwitchVerdict.RolledBack)
        {
            await lab.AssertHealthyAsync();
            return;
        }

        var target = OperationLab.Generation("file");
        Assert.Equal((target, target), (await lab.Machine.GenerationAsync("/run/current-system"), await lab.Machine.GenerationAsync("/nix/var/nix/profiles/system")));
        Assert.Contains($"default nixos-generation-{target}.conf", await lab.Machine.ShellAsync("cat /boot/loader/loader.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_switch_program_that_is_killed_on_the_way_back_is_begun_again()
    {
        await lab.StartAfreshAsync();
        var id = await lab.StartAsync("hangsInStop");
        await lab.StageAsync(id, "back");

        await lab.Machine.ShellAsync($"sleep 0.3; {ConsoleSwitch.KillProgram}");

        Assert.Equal(SwitchVerdict.RolledBack, (await lab.EndedAsync(id)).Outcome!.Verdict);
        await lab.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_default_that_somebody_sets_meanwhile_is_theirs_and_is_told()
    {
        await lab.StartAfreshAsync();
        var (id, hold) = await HeldInAsync("armed", "exitsAtOnce");

        await lab.Machine.ShellAsync($"nix-env -p /nix/var/nix/profiles/system --switch-generation {OperationLab.Generation("unit")} 2>/dev/null");
        await hold.DisposeAsync();
        var outcome = (await lab.EndedAsync(id)).Outcome!;

        Assert.Equal((SwitchVerdict.RolledBack, (int?)OperationLab.Generation("unit")), (outcome.Verdict, outcome.ProfileGeneration));
        Assert.Equal(SafeSwitchLab.Healthy, await lab.Machine.GenerationAsync("/run/current-system"));
    }

    [Fact]
    public async Task A_disk_that_is_full_before_it_is_told_and_one_that_fills_in_the_middle_changes_nothing_about_the_end()
    {
        const string Folder = "/var/lib/osmoda/operations";
        await lab.StartAfreshAsync();
        await lab.Machine.ShellAsync($"mkdir -p {Folder}; mount -t tmpfs -o size=512k tmpfs {Folder}; head -c 1M /dev/zero >{Folder}/full 2>/dev/null; true");
        var target = OperationLab.Generation("file");
        var plan = SafeSwitchLab.Plan with { Probation = TimeSpan.FromSeconds(1) };
        var order = await lab.OrderAsync(await lab.SystemAsync($"/nix/var/nix/profiles/system-{target}-link"), target, plan);
        Assert.Contains("the disk is full", Assert.IsType<StartAnswer.Refused>(await lab.TellAsync(order)).Why, StringComparison.Ordinal);
        await lab.Machine.ShellAsync($"rm {Folder}/full");

        var id = await lab.StartAsync("file", plan);
        await lab.Machine.ShellAsync($"until grep -q '\tactivate' {Folder}/{id:D}/journal; do sleep 0.05; done; head -c 1M /dev/zero >{Folder}/full 2>/dev/null; while systemctl -q is-active nixos-rebuild-switch-to-configuration; do sleep 0.1; done");
        var told = await lab.Machine.ShellAsync("cat /run/osmoda/operation");
        // What the shell says of a full disk is not to be taken for a mistake of the script by the tests after this one.
        await lab.Machine.ShellAsync($"umount {Folder}; journalctl --quiet --rotate; journalctl --quiet --vacuum-time=1us");

        Assert.Contains("\tdone\tverified\t", told, StringComparison.Ordinal);
        Assert.Equal((target, target), (await lab.Machine.GenerationAsync("/run/current-system"), await lab.Machine.GenerationAsync("/nix/var/nix/profiles/system")));
    }

    private async Task<(Guid Operation, HeldStages Hold)> HeldInAsync(string stage, string idea)
    {
        var hold = await HeldStages.HoldAsync(lab.Machine);
        var id = await lab.StartAsync(idea, hold.In(SafeSwitchLab.Plan));
        if (stage != "preflight")
        {
            await hold.LetGoAsync("preflight");
        }

        await lab.StageAsync(id, stage);
        return (id, hold);
    }
}
