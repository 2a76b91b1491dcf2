using System.Globalization;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What the server's clock does changes neither what is decided nor the times that are told, which are of the monotonic clock.</summary>
[Trait("Tier", "lab")]
public sealed class JumpingClockLabTests(SafeSwitchLab lab) : IClassFixture<SafeSwitchLab>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(7200)]
    [InlineData(-31_536_000)]
    public async Task A_bad_change_is_undone_while_the_clock_jumps_to_and_fro(int seconds)
    {
        await lab.StartAfreshAsync();
        var away = TimeSpan.FromSeconds(seconds);
        await lab.Machine.JumpAsync(away);

        var operation = await lab.StartAsync("exitsAfter3");
        var progress = await JumpingAsync(operation, away);

        Assert.Equal((SwitchVerdict.RolledBack, "agent-scout.service"), (progress.Outcome!.Verdict, progress.Decision!.Unit));
        AssertTimes(progress, away);
        Assert.InRange(RecoveryTimes.From(progress)!.Verified, TimeSpan.Zero, Longest);
        await lab.AssertHealthyAsync();
    }

    [Theory]
    [InlineData(7200)]
    [InlineData(-31_536_000)]
    public async Task A_good_change_is_kept_while_the_clock_jumps_to_and_fro(int seconds)
    {
        await lab.StartAfreshAsync();
        var away = TimeSpan.FromSeconds(seconds);
        await lab.Machine.JumpAsync(away);

        var operation = await lab.StartAsync("unit", SafeSwitchLab.Plan with { Watched = [UnitName.Parse("agent-scribe.service")] });
        var progress = await JumpingAsync(operation, away);

        Assert.True(progress.Outcome!.Verdict == SwitchVerdict.Verified, $"{progress.Outcome} {string.Join("; ", progress.Trouble)}");
        AssertTimes(progress, away);
        Assert.Equal(OperationLab.Generation("unit"), await lab.Machine.GenerationAsync("/nix/var/nix/profiles/system"));
    }

    // A restarted server has no monotonic clock from before: only its wall clock tells how long it was away, and that one is lying.
    [Theory]
    [InlineData(7200)]
    [InlineData(-86_400)]
    public async Task A_change_that_comes_by_a_restart_is_kept_although_the_clock_is_put_right_by_it(int seconds)
    {
        await lab.StartAfreshAsync();
        var away = TimeSpan.FromSeconds(seconds);
        await lab.Machine.JumpAsync(away);

        var progress = await lab.RunAsync("needsReboot", mode: SwitchMode.Restart);

        Assert.True(progress.Outcome!.Verdict == SwitchVerdict.Verified, $"{progress.Outcome} {string.Join("; ", progress.Trouble)}");
        AssertTimes(progress, away);
        Assert.Equal(OperationLab.Generation("needsReboot"), await lab.Machine.GenerationAsync("/run/booted-system"));
        await lab.RunAsync("healthy", SwitchPlan.ByHand, SwitchMode.Boot);
        await lab.Machine.RebootAsync();
        await lab.AssertHealthyAsync();
    }

    private async Task<SwitchProgress> JumpingAsync(Guid operation, TimeSpan away)
    {
        // A jump is told on the bus, and the switch program waits until that has been quiet for a moment.
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        for (var (ended, there) = (lab.EndedAsync(operation), false); ; there = !there)
        {
            await lab.Machine.JumpAsync(there ? away : -away);
            await Task.WhenAny(ended, pace.WaitForNextTickAsync(TestContext.Current.CancellationToken).AsTask());
            if (ended.IsCompleted)
            {
                await lab.Machine.JumpAsync(TimeSpan.Zero);
                return await ended;
            }
        }
    }

    // That it began by a false clock, before or after its first jump, shows that the clock was false for it.
    private static void AssertTimes(SwitchProgress progress, TimeSpan away)
    {
        Assert.InRange((progress.StartedAt!.Value - TimeProvider.System.GetUtcNow()).Duration(), away.Duration() - Longest, away.Duration() + Longest);
        var times = progress.Stages.Select(stage => stage.From).ToList();
        Assert.True(times.Order().SequenceEqual(times), string.Join(' ', times.Select(time => time.ToString("c", CultureInfo.InvariantCulture))));
        Assert.InRange(times[^1], TimeSpan.Zero, Longest);
    }
}
