using OsModa.Demo.Machines;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Shell;

/// <summary>Answers the scripts of SafeSwitch that people wait for: what a switch would do, to begin it, and how it stands.</summary>
internal static class SwitchAnswers
{
    /// <summary>start-switch.sh ID ORDER SCRIPT.</summary>
    public static DemoRun Start(DemoServer server, IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2 || SwitchOrder.Parse(arguments[0], arguments[1]) is not { } order)
        {
            return DemoRun.Of(["refused\tThe operation has no proper id, mode or generation."]);
        }

        lock (server.Gate)
        {
            return DemoRun.Of([server.Switches.Start(order, server.Agenda.Now)]);
        }
    }

    /// <summary>confirm.sh ID.</summary>
    public static DemoRun Confirm(DemoServer server, IReadOnlyList<string> arguments) => Word(server, arguments, (id, at) => server.Switches.Confirm(id, at));

    /// <summary>stop.sh ID.</summary>
    public static DemoRun Stop(DemoServer server, IReadOnlyList<string> arguments) => Word(server, arguments, (id, at) => server.Switches.Stop(id, at));

    /// <summary>drill.sh ID: the system that runs, plus a unit that dies at once.</summary>
    public static DemoRun Drill(DemoServer server, IReadOnlyList<string> arguments) => Word(server, arguments, (id, _) =>
    {
        var now = server.Profile.Current;
        var unit = new UnitTemplate("osmoda-drill.service", "Drill: dies at once", UnitKind.Daemon, null, 1_000_000, null, "");
        var system = new DemoSystem(now.Release, now.Plan with
        {
            Units = [.. now.Plan.Units.Where(u => u.Name != unit.Name), unit],
            Defects = now.Plan.Defects.SetItem(unit.Name, Defect.Fails),
            Etc = now.Plan.Etc + id.ToString("N"),
        });
        server.Profile.Built.Add(system);
        return $"built\t{system.Path}";
    });

    /// <summary>operation.sh ID [fence].</summary>
    public static DemoRun Read(DemoServer server, IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || !Guid.TryParseExact(arguments[0], "D", out var id))
        {
            return DemoRun.Of([], 2);
        }

        lock (server.Gate)
        {
            var files = server.Switches.Find(id);
            if (files is null && arguments is [_, "fence"])
            {
                files = server.Switches.Fence(id);
            }

            List<string> lines = files is null ? [] : files.Never ? ["never"]
                : [.. files.Journal.Select(line => $"J\t{id:D}\t{line}"), .. files.Output.Select(line => $"O\t{id:D}\t{line}")];
            var profile = server.Profile;
            lines.Add($"facts\t{server.Clock.BootId:D}\t{profile.Current.Path}\t{profile.Booted.Path}\t{profile.Linked.System.Path}\t{profile.Linked.Number}\t{server.Switches.Holder ?? "-"}");
            lines.Add("end");
            return DemoRun.Of(lines);
        }
    }

    /// <summary>preview.sh TARGET GENERATION.</summary>
    public static DemoRun Preview(DemoServer server, IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2)
        {
            return DemoRun.Of([], 2);
        }

        lock (server.Gate)
        {
            return DemoRun.Of(Findings(server, arguments[0], server.Agenda.Now).ToList());
        }
    }

    private static DemoRun Word(DemoServer server, IReadOnlyList<string> arguments, Func<Guid, long, string> answer)
    {
        if (arguments.Count == 0 || !Guid.TryParseExact(arguments[0], "D", out var id))
        {
            return DemoRun.Of(["unknown"]);
        }

        lock (server.Gate)
        {
            return DemoRun.Of([answer(id, server.Agenda.Now)]);
        }
    }

    private static IEnumerable<string> Findings(DemoServer server, string path, long at)
    {
        yield return $"clock\t{server.Clock.Epoch(at)}";
        if (server.Profile.Find(path) is not { } target)
        {
            yield return "check\tvalid\tfailed\tIts files are not on the server any more: they were collected as garbage.";
            yield return "end\t-";
            yield break;
        }

        yield return $"check\tvalid\tok\t{target.Closure().Count()} paths";
        yield return $"check\tdisk\tok\t{server.Figures(at).DiskFree >> 30}G free";
        yield return server.Switches.Holder is null && !server.Locked ? "check\tlock\tok\t" : "check\tlock\tfailed\tAnother switch runs on this server.";
        yield return "check\tinit\tok\t";
        if (target.Release.KernelPath != server.Profile.Booted.Release.KernelPath)
        {
            yield return "reboot\tkernel";
        }

        if (target.Release.InitrdPath != server.Profile.Booted.Release.InitrdPath)
        {
            yield return "reboot\tinitrd";
        }

        var plan = UnitPlan.Of(server.Profile.Current, target, server.Services);
        foreach (var line in plan.DryRun())
        {
            yield return $"would\t{line}";
        }

        yield return "end\t0";
    }
}
