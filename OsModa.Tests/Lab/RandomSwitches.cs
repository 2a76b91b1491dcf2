using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;

namespace OsModa.Tests.Lab;

/// <summary>Switches to generations good and bad, each with a fault at some moment or none, chosen by a seed. What a run says has to be what the server is.</summary>
internal sealed class RandomSwitches(ConsoleSwitch console, int seed)
{
    private const string Unit = "nixos-rebuild-switch-to-configuration";

    private static readonly string[] Good = ["unit", "file", "packages", "web"];
    private static readonly string[] Bad = ["exitsAtOnce", "crashLoop", "exitsAfter3", "memory", "unitFails", "activationFails", "hangsInStop"];
    private static readonly string[] BadAfterRestart = ["exitsAtOnce", "crashLoop", "exitsAfter3", "memory", "unitFails"];
    private static readonly string[] Stages = ["preflight", "activate", "probation", "commit", "back"];
    private static readonly string[] StagesOfRestart = ["preflight", "commit", "restart", "probation", "back"];

    // Runs whatever is switched, and no system knows it.
    private const string Bystander = "systemctl reset-failed; systemctl -q is-active bystander || systemd-run --quiet --unit=bystander --property=Restart=always sleep infinity";

    // What happens, and whether the change may be undone for it although it is good.
    private static readonly (string Name, string Deed, bool Ends)[] Faults =
    [
        (Nothing, "", false), (Nothing, "", false), (Nothing, "", false),
        ("systemd is executed anew", "systemctl daemon-reexec", false),
        ("the units are read again", "systemctl daemon-reload", false),
        ("the script is killed", $"systemctl kill --kill-who=main -s KILL {Unit} 2>/dev/null; true", true),
        ("all of it is killed", $"systemctl kill -s KILL {Unit} 2>/dev/null; true", true),
        ("the switch program is killed", ConsoleSwitch.KillProgram, true),
        ("it is stopped", $"systemctl stop {Unit} 2>/dev/null; true", true),
        ("somebody's own unit fails", "systemd-run --quiet --unit=own-$$ false; true", false),
        ("a unit dies that was not changed", "systemctl kill -s KILL bystander; true", false),
        (BootIsFull, "mount -t tmpfs -o size=4k,nr_inodes=1 tmpfs /boot", true),
        (CableIsPulled, "", false),
        (PowerFails, "", true),
        (Restarts, "", true),
    ];

    private const string Nothing = "nothing", PowerFails = "the power fails", Restarts = "somebody restarts the server",
        BootIsFull = "no more fits on /boot", CableIsPulled = "the cable is pulled";

    private readonly Random _random = new(seed);

    /// <summary>One run. Null: it told the truth; otherwise what it was and how it did not.</summary>
    public async Task<string?> RunAsync()
    {
        var mode = _random.Next(6) == 0 ? SwitchMode.Restart : SwitchMode.Now;
        var good = _random.Next(2) == 0;
        var idea = AnyOf(good ? Good : mode == SwitchMode.Now ? Bad : BadAfterRestart);
        var fault = AnyOf(Faults);
        var stage = AnyOf((mode == SwitchMode.Now ? Stages : StagesOfRestart)[..(good ? 4 : 5)]);
        var delay = _random.Next(400);
        await console.StartAfreshAsync("healthy");
        await console.Machine.ShellAsync(Bystander);
        var id = await console.StartAsync(idea, new SwitchPlan { Probation = TimeSpan.FromSeconds(4) }, mode);
        await console.SawAsync(id, $"stage.{stage}\\|\\sdone\\s");
        await console.Machine.TryShellAsync($"sleep 0.{delay:000}; {fault.Deed}");
        var down = fault.Name is PowerFails or Restarts;
        await (fault.Name is CableIsPulled ? console.Machine.PlugOutAsync() : down ? GoDownAsync(fault.Name == PowerFails) : Task.CompletedTask);

        // A switch that is to happen at once is not taken up again by a server that was down.
        var progress = await console.EndedAsync(id, TimeSpan.FromSeconds(mode == SwitchMode.Restart ? 180 : down ? 1 : 90));
        var well = (await console.Machine.TryShellAsync("systemctl is-active agent-scout")).Trim();
        var wrong = Lie(progress, good && !fault.Ends, !good, LabGenerations.Number(idea), await console.Machine.GenerationAsync("/run/current-system"), await console.Machine.GenerationAsync("/nix/var/nix/profiles/system"), down, fault.Name)
            ?? (progress?.Outcome?.Verdict is SwitchVerdict.RolledBack or SwitchVerdict.Verified && well != "active" ? $"it ended well, but the agent is {well}" : null);
        await (fault.Name is CableIsPulled ? console.Machine.PlugInAsync() : fault.Name is BootIsFull ? console.Machine.TryShellAsync("umount /boot") : Task.CompletedTask);
        return wrong is null ? null : $"{idea} {mode}, {fault.Name} {delay} ms into {stage}: {wrong} ({progress?.Outcome})\n{await console.StoryAsync(id)}";
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

    private static string? Lie(SwitchProgress? progress, bool mustStay, bool mustGo, int target, int runs, int boots, bool down, string fault)
    {
        var healthy = LabGenerations.Number("healthy");
        return progress?.Outcome?.Verdict switch
        {
            SwitchVerdict.Verified when mustGo => "a false success",
            SwitchVerdict.Verified => (runs, boots) == (target, target) ? null : $"verified, but it runs {runs} and boots {boots}",
            SwitchVerdict.RolledBack when mustStay => "a false rollback",
            SwitchVerdict.RolledBack => (runs, boots) == (healthy, healthy) ? null : $"rolled back, but it runs {runs} and boots {boots}",
            SwitchVerdict.Failed when fault != Nothing => (runs, boots) == (healthy, healthy) ? null : $"failed, but it runs {runs} and boots {boots}",
            SwitchVerdict.Refused when fault == BootIsFull => (runs, boots) == (healthy, healthy) ? null : $"refused, but it runs {runs} and boots {boots}",
            // Then the boot menu cannot be put right either, and a person is told.
            SwitchVerdict.NeedsPerson when fault == BootIsFull => runs == healthy || runs == target ? null : $"it runs {runs}",
            // Between the profile and the boot loader the power may fail: then the page says that a person has to look.
            null when down => runs == boots || ((runs, boots) == (healthy, target) && progress?.Stages.LastOrDefault() is { Name: "commit", Until: null }) ? null : $"after the start it runs {runs} and boots {boots}",
            null => "it never ended",
            var other => $"ended as {other}",
        };
    }
}
