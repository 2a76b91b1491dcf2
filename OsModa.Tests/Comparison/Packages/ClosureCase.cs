using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;

namespace OsModa.Tests.Comparison.Packages;

/// <summary>One case of Closures.txt.</summary>
internal sealed record ClosureCase(string Title, Closure From, Closure To, IReadOnlyList<string> Says)
{
    public static IReadOnlyList<ClosureCase> All { get; } = Read();

    /// <summary>A closure of paths in the file's short form.</summary>
    public static Closure ClosureOf(IEnumerable<string> words)
    {
        var infos = new List<StorePathInfo>();
        var chosen = new List<StorePath>();
        foreach (var word in words)
        {
            var isChosen = word.StartsWith('*');
            var parts = word.TrimStart('*').Split('@');
            var path = Path(parts[0]);
            infos.Add(new StorePathInfo(path, parts.Length > 1 ? long.Parse(parts[1]) : 1, []));
            if (isChosen)
            {
                chosen.Add(path);
            }
        }

        // Where a case is about something else, the system and its tree are the same paths on both sides, as no real ones would be.
        var system = Path("nixos-system-case-1");
        var own = infos.Find(info => info.Path.Name == "system-path");
        var tree = own?.Path ?? Path("system-path");
        infos.Remove(own!);
        infos.Add(new StorePathInfo(tree, own?.NarBytes ?? 0, [.. chosen, Path("not-in-the-closure")]));
        infos.Add(new StorePathInfo(system, 0, [tree]));
        return new Closure(system, infos);
    }

    public static StorePath Path(string wordOfName)
    {
        const string Base32 = "0123456789abcdfghijklmnpqrsvwxyz";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(wordOfName));
        return StorePath.Parse($"{StorePath.Folder}{string.Concat(hash.Select(b => Base32[b % 32]))}-{wordOfName.TrimEnd('\'')}");
    }

    /// <summary>A change as the file writes it.</summary>
    public static string LineOf(PackageChange change)
    {
        var line = new StringBuilder(change.Selection switch
        {
            PackageSelection.Selected => "* ",
            PackageSelection.NewlySelected => "*+ ",
            PackageSelection.NoLongerSelected => "*- ",
            _ => "",
        });
        line.Append(change.Kind is PackageChangeKind.BothWays ? "both" : change.Kind.ToString().ToLowerInvariant());
        line.Append(change.Artefact is { } rule ? $" {rule.Kind} {change.Subject}" : $" {change.Name}");
        AppendUnlessEmpty(line, " ", string.Join(',', change.Versions.Select(VersionText)));
        AppendUnlessEmpty(line, " kept ", string.Join(',', change.Kept.Select(Shown)));
        line.AppendJoin("", change.GainedOutputs.Select(output => $" +{output}")).AppendJoin("", change.LostOutputs.Select(output => $" -{output}"));
        return change.Delta == 0 ? line.ToString() : line.Append(' ').Append(change.Delta.ToString(CultureInfo.InvariantCulture)).ToString();
    }

    public override string ToString() => Title;

    private static string VersionText(VersionChange change) => change.Move == VersionMove.Same
        ? $"={Shown(change.To)}"
        : $"{Shown(change.From)}→{Shown(change.To)}";

    private static string Shown(string? version) => version switch
    {
        null => "∅",
        "" => "ε",
        _ => version,
    };

    private static void AppendUnlessEmpty(StringBuilder line, string before, string text)
    {
        if (text.Length > 0)
        {
            line.Append(before).Append(text);
        }
    }

    private static ImmutableArray<ClosureCase> Read()
    {
        using var stream = typeof(ClosureCase).Assembly.GetManifestResourceStream("Closures.txt")!;
        using var reader = new StreamReader(stream);
        return
        [
            .. reader.ReadToEnd()
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(paragraph => paragraph.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                .Where(lines => lines[0][0] != '#')
                .Select(lines => new ClosureCase(lines[0], ClosureOf(Words(lines[1], "from")), ClosureOf(Words(lines[2], "to")), lines[3..])),
        ];
    }

    private static string[] Words(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal)
            ? line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : throw new FormatException($"'{line}' should begin with '{name}'.");
}
