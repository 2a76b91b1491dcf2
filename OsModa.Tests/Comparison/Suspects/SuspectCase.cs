using System.Collections.Frozen;
using System.Text.RegularExpressions;
using OsModa.Core.Comparison;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using OsModa.Core.Observation;

namespace OsModa.Tests.Comparison;

/// <summary>One case of Suspects.txt.</summary>
internal sealed partial class SuspectCase(string title)
{
    private readonly Side _from = new('0'), _to = new('1');

    public static IReadOnlyList<SuspectCase> All { get; } = Read();

    public string Title => title;

    public UnitName Unit { get; private set; }

    public List<string> Wanted { get; } = [];

    public SystemDifference Difference()
    {
        var (from, to) = (_from.Closure(), _to.Closure());
        return SystemDifference.Of(from.System, to.System, PackageComparison.Between(from, to), _from.Files(), _to.Files(), ClosureGraph.Of(from), ClosureGraph.Of(to));
    }

    private static List<SuspectCase> Read()
    {
        using var stream = typeof(SuspectCase).Assembly.GetManifestResourceStream("Suspects.txt")!;
        using var reader = new StreamReader(stream);
        var cases = new List<SuspectCase>();
        foreach (var line in reader.ReadToEnd().Split('\n').Select(line => Short().Replace(line, match => $"/nix/store/{new string(match.Groups["hash"].Value[0], 32)}-")))
        {
            if (line.StartsWith("=== ", StringComparison.Ordinal))
            {
                cases.Add(new SuspectCase(line[4..]));
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                cases[^1].Take(line);
            }
        }

        return cases;
    }

    private void Take(string line)
    {
        if (line.StartsWith("    ", StringComparison.Ordinal))
        {
            _from.Add(line[4..]);
            _to.Add(line[4..]);
            return;
        }

        var words = line.Split(' ');
        switch (words)
        {
            case ["unit", var unit]:
                Unit = UnitName.Parse(unit);
                break;
            case ["needs", var side, ..]:
                (side == "from" ? _from : _to).Needs(words[2], words.Skip(4));
                break;
            case ["want", ..]:
                Wanted.AddRange(words is [_, "nothing"] ? [] : [line[5..]]);
                break;
            case [var side, var path]:
                _from.Open(side is "from" or "both" ? path : null, alike: side == "both");
                _to.Open(side is "to" or "both" ? path : null, alike: side == "both");
                break;
            default:
                throw new FormatException(line);
        }
    }

    [GeneratedRegex(@"\{(?<hash>[a-d])\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Short();

    private sealed class Side(char mark)
    {
        private readonly Dictionary<string, FileEntry> _entries = [];
        private readonly Dictionary<string, string> _texts = [];
        private readonly Dictionary<string, IEnumerable<string>> _needs = [];
        private string? _open;

        public void Open(string? path, bool alike)
        {
            _open = path;
            if (path is not null)
            {
                _texts[path] = "";
                if (!alike && path.StartsWith("etc/", StringComparison.Ordinal))
                {
                    _entries[path] = new FileEntry(path, false, $"/nix/store/{new string(mark, 32)}-x/{path}");
                }
            }
        }

        public void Add(string line)
        {
            if (_open is not null)
            {
                _texts[_open] += line + "\n";
            }
        }

        public void Needs(string path, IEnumerable<string> references) => _needs[path] = references;

        public Closure Closure() => new(
            StorePath.Parse($"/nix/store/{new string(mark, 32)}-nixos-system-a-1"),
            [.. _needs.Select(one => new StorePathInfo(StorePath.Parse(one.Key), 1, [.. one.Value.Select(StorePath.Parse)]))]);

        public SystemFiles Files() => new(_entries.ToFrozenDictionary(), _texts.ToFrozenDictionary(one => one.Key, one => new FileText(one.Value.Length, one.Value)));
    }
}
