using OsModa.Demo.Machines;

namespace OsModa.Demo.Shell;

/// <summary>Answers the scripts of SafeSwitch that people wait for: what a switch would do, to begin it, and how it stands.</summary>
internal static class SwitchAnswers
{
    /// <summary>start-switch.sh ID ORDER SCRIPT.</summary>
    public static DemoRun Start(DemoServer server, IReadOnlyList<string> arguments)
    {
        var order = (arguments.Count < 2 ? "" : arguments[1]).Split('\n').Select(line => line.Split('\t')).ToLookup(fields => fields[0], fields => fields[1..]);
        if (arguments.Count == 0 || !Guid.TryParseExact(arguments[0], "D", out var operation) || order["mode"].FirstOrDefault() is not ["now" or "boot"] mode
            || order["target"].FirstOrDefault() is not [var target, var generation] || order["expected"].FirstOrDefault() is not [var expected] || !int.TryParse(generation, out var number))
        {
            return DemoRun.Of(["refused\tThe operation has no proper id, mode or generation."]);
        }

        lock (server.Gate)
        {
            return DemoRun.Of([server.Switches.Start(new SwitchOrder(operation, mode[0] == "now", target, number, expected), server.Agenda.Now)]);
        }
    }

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
