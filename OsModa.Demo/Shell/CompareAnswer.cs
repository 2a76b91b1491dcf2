using System.Text.Json;
using OsModa.Core.Nix;
using OsModa.Demo.Machines;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Shell;

/// <summary>Answers compare.sh: closures of two systems, which files of theirs differ, and the texts of those and of the units asked for; of one system, all of it.</summary>
internal static class CompareAnswer
{
    private const string Units = "etc/systemd/system/";

    public static DemoRun To(DemoServer server, IReadOnlyList<string> arguments)
    {
        var known = arguments[0] == "-k";
        arguments = known ? [.. arguments.Skip(1)] : arguments;
        DemoSystem? from, to;
        var whole = arguments[0] == "-";
        lock (server.Gate)
        {
            (from, to) = (whole ? null : server.Profile.Find(arguments[0]), server.Profile.Find(arguments[1]));
        }

        if (whole && to is not null)
        {
            return DemoRun.Of([.. Closure("to", to), "closures-end", .. Files(to, null).Select(file => Entry("to", file)), "entries-end", .. Texts("to", to, null, []), "texts-end"]);
        }

        var asked = arguments.Skip(2).ToHashSet(StringComparer.Ordinal);
        return from is null || to is null
            ? DemoRun.Of([$"gone\t{(from is null && !whole ? arguments[0] : arguments[1])}"], 1)
            : DemoRun.Of([.. known ? [] : (string[])[.. Closure("from", from), .. Closure("to", to), "closures-end"], .. Entries(from, to), "entries-end", .. Texts("from", from, to, asked), .. Texts("to", to, from, asked), "texts-end"]);
    }

    private static IEnumerable<string> Closure(string side, DemoSystem system) => ClosureAnswer.Lines([system]).Select(line => "=" + line).Prepend($"closure\t{side}\tjson");

    private static IEnumerable<string> Entries(DemoSystem from, DemoSystem to) =>
        Files(from, to).Select(file => Entry("from", file)).Concat(Files(to, from).Select(file => Entry("to", file)));

    private static string Entry(string side, (string Path, string Text, StorePath At) file) => $"entry\t{side}\t{file.Path}\tl\tf\t777\t{file.At.Text}";

    private static IEnumerable<string> Texts(string side, DemoSystem system, DemoSystem? other, HashSet<string> asked)
    {
        var files = Files(system, other).Append((Path: "boot.json", Text: Boot(system), At: system.Path))
            .Concat(system.Units.Where(unit => asked.Contains(unit.Key)).Select(unit => (Path: Units + unit.Key, Text: UnitText.Of(system, unit.Value.Template), At: unit.Value.Path)))
            .DistinctBy(file => file.Path).ToList();
        yield return $"texts\t{side}";
        foreach (var (path, text, _) in files)
        {
            yield return $"file\t{text.Length}\t{path}";
        }

        foreach (var (path, text, _) in files)
        {
            foreach (var line in text.TrimEnd('\n').Split('\n'))
            {
                yield return $"{path}\0{line}";
            }
        }
    }

    /// <summary>Files of a system that the other one lacks, or has in another form; all of them when there is no other.</summary>
    private static IEnumerable<(string Path, string Text, StorePath At)> Files(DemoSystem system, DemoSystem? other)
    {
        foreach (var (name, unit) in system.Units)
        {
            var otherUnit = other?.Units.GetValueOrDefault(name);
            if (otherUnit?.Path != unit.Path)
            {
                yield return (Units + name, UnitText.Of(system, unit.Template), unit.Path);
                if (otherUnit is null && unit.Template.Kind is UnitKind.Daemon)
                {
                    yield return ($"{Units}multi-user.target.wants/{name}", "", unit.Path);
                }
            }
        }

        if (system.Plan.Etc != other?.Plan.Etc && system.Plan.Etc.Length > 0)
        {
            yield return ("etc/osmoda/limits.toml", system.Plan.Etc + "\n", system.EtcPath);
        }

        var form = FormEffect.TextOf(system.Plan.Form);
        if (form.Length > 0 && (other is null || form != FormEffect.TextOf(other.Plan.Form)))
        {
            yield return ("etc/simulated/settings", form, system.EtcPath);
        }
    }

    private static string Boot(DemoSystem system) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["org.nixos.bootspec.v1"] = new
        {
            kernel = system.Release.KernelPath.Text + "/bzImage",
            initrd = system.Release.InitrdPath.Text + "/initrd",
            kernelParams = (string[])["loglevel=4", "net.ifnames=0"],
            label = "NixOS " + system.Release.Label,
            system = "x86_64-linux",
            toplevel = system.Path.Text,
        },
        ["org.nixos.specialisation.v1"] = system.Plan.Specialisations.ToDictionary(name => name, _ => new object()),
    });
}
