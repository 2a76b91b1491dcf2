using OsModa.Core.Observation;

namespace OsModa.Tests.Lab;

/// <summary>Switches to generations good and bad, watched in one way or another, each with a fault at some moment or none, all chosen by a seed.</summary>
internal sealed class RandomSwitches(ConsoleSwitch console, int seed)
{
    private static readonly string[] Good = ["unit", "file", "packages", "web"];
    private static readonly string[] Bad = ["exitsAtOnce", "crashLoop", "exitsAfter3", "memory", "unitFails", "activationFails", "hangsInStop"];
    private static readonly string[] BadAfterRestart = ["exitsAtOnce", "crashLoop", "exitsAfter3", "memory", "unitFails"];

    // Only the last of them is not reached by a change that is good.
    private static readonly string[] Stages = ["preflight", "activate", "probation", "commit", "back"];
    private static readonly string[] StagesByHand = ["preflight", "activate", "commit", "standing", "back"];
    private static readonly string[] StagesOfRestart = ["preflight", "commit", "restart", "probation", "back"];

    private readonly Random _random = new(seed);

    /// <summary>One run. Null: it told the truth; otherwise what it was and how it did not.</summary>
    public async Task<string?> RunAsync()
    {
        var mode = _random.Next(6) == 0 ? SwitchMode.Restart : SwitchMode.Now;
        var good = _random.Next(2) == 0;
        var idea = AnyOf(good ? Good : mode == SwitchMode.Now ? Bad : BadAfterRestart);
        var plan = RandomPlan.Of(_random, mode);
        var fault = AnyOf(RandomFault.All);
        var stage = AnyOf((mode == SwitchMode.Restart ? StagesOfRestart : plan.Plan.Stand > TimeSpan.Zero ? StagesByHand : Stages)[..(good ? 4 : 5)]);
        var delay = TimeSpan.FromMilliseconds(_random.Next(stage == "standing" ? 4000 : 400));
        await console.StartAfreshAsync("healthy");
        await console.Machine.ShellAsync($"rm -f /var/lib/osmoda/undone; {RandomFault.Bystander}");
        var id = await console.StartAsync(idea, plan.Plan, mode);
        using var unplugged = new CancellationTokenSource();
        var confirming = plan is { IsAsked: true, IsConfirmed: true } ? console.ConfirmAsync(id, plan.Plan.Stand > TimeSpan.Zero, unplugged.Token) : Task.CompletedTask;
        await console.SawAsync(id, stage == "standing" ? @"\sdone\s" : $@"stage.{stage}\|\sdone\s");
        await console.Machine.TryShellAsync($"sleep {delay.TotalSeconds:0.000}; {fault.Deed}");
        await (fault == RandomFault.CableIsPulled ? Task.WhenAll(unplugged.CancelAsync(), console.Machine.PlugOutAsync()) : fault.TakesItDown ? GoDownAsync(fault == RandomFault.PowerFails) : Task.CompletedTask);

        // A switch that is to happen at once is not taken up again by a server that was down.
        var first = await console.EndedAsync(id, TimeSpan.FromSeconds(mode == SwitchMode.Restart ? 180 : fault.TakesItDown ? 1 : 90));
        var undo = plan.Plan.UndoOperation is { } ordered && first?.Outcome?.Verdict == SwitchVerdict.Verified ? await console.StoodAsync(id, ordered) : null;
        await unplugged.CancelAsync();
        await confirming;
        var truth = new RunTruth(
            good, plan, fault, LabGenerations.Number(idea), await console.Machine.GenerationAsync("/run/current-system"), await console.Machine.GenerationAsync("/nix/var/nix/profiles/system"),
            (await console.Machine.TryShellAsync("systemctl is-active agent-scout")).Trim() == "active");
        await (fault == RandomFault.CableIsPulled ? console.Machine.PlugInAsync() : fault == RandomFault.BootIsFull ? console.Machine.TryShellAsync("umount /boot") : Task.CompletedTask);
        return truth.Lie(first, undo) is not { } lie ? null
            : $"{idea} {mode} {plan.Name}{(plan is { IsAsked: true, IsConfirmed: false } ? " by nobody" : "")}, {fault.Name} {delay.TotalMilliseconds} ms into {stage}: {lie} ({first?.Outcome}; {undo?.Outcome})\n{await console.StoryAsync(id)}";
    }

    private async Task GoDownAsync(bool power)
    {
        try
        {
            await (power ? console.Machine.CutPowerAsync() : console.Machine.RebootAsync());
        }
        catch (InvalidOperationException)
        {
            // It was down at that moment, by a restart of its own.
        }

        await console.Machine.PowerOnAsync();
    }

    private T AnyOf<T>(T[] things) => things[_random.Next(things.Length)];
}
