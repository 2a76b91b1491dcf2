using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OsModa.Core.Nix;
using OsModa.Core.Observation;

namespace OsModa.Tests.Demo;

/// <summary>Protocol.md read a second time, by hand: an independent judge of what simulated servers write.</summary>
internal sealed partial class FrameRules
{
    private static readonly Dictionary<string, int> FieldCounts = new(StringComparer.Ordinal)
    {
        ["hello"] = 6, ["begin"] = 2, ["end"] = 2, ["fact"] = 2, ["gone"] = 1, ["pins"] = 5, ["generation"] = 7, ["load"] = 6, ["beat"] = 1, ["words"] = 6, ["lock"] = 1,
    };

    private readonly Stack<(string Set, long Count)> _sets = new();
    private long _count;
    private string? _boot;
    private bool _complete;

    public List<string> Faults { get; } = [];

    public HashSet<string> Kinds { get; } = new(StringComparer.Ordinal);

    public static FrameRules Judge(IEnumerable<string> lines)
    {
        var rules = new FrameRules();
        foreach (var line in lines)
        {
            rules.Read(line);
        }

        return rules;
    }

    private void Read(string line)
    {
        var parts = line.Split('\t');
        if (Encoding.UTF8.GetByteCount(line) >= 4000 || parts.Length is < 4 or > 64 || !Stamp().IsMatch(parts[1]) || line.Any(static c => c is '\0' or '\n' or '\r' or '\uFFFD'))
        {
            Faults.Add("shape: " + line);
            return;
        }

        var (kind, fields) = (parts[0], parts[3..]);
        Kinds.Add(kind);
        Expect(long.Parse(parts[1].AsSpan(1), CultureInfo.InvariantCulture) == ++_count, "count", line);
        Expect((_boot ??= parts[2]) == parts[2] && parts[2].Length == 8, "boot", line);
        Expect(FieldCounts.GetValueOrDefault(kind, fields.Length) == fields.Length, "fields", line);
        Expect(_count > 1 == (kind != "hello"), "hello is first and once", line);
        Expect(fields.All(static f => !Escape().IsMatch(f)), "escape", line);
        Expect(Fits(kind, fields), "values", line);
    }

    private bool Fits(string kind, string[] f) => kind switch
    {
        "hello" => f[0] == "1" && Guid.TryParseExact(f[1], "D", out var boot) && boot.ToString("D").StartsWith(_boot!, StringComparison.Ordinal) && Numbers(f.AsSpan(2)),
        "begin" => Begin(f[0]) && Numbers(f[1]),
        "end" => End(f[0], f[1]),
        "fact" => f[0].Length > 0,
        "unit" => UnitName.TryParse(f[0], out _) && f[1..].All(Property),
        "gone" => UnitName.TryParse(f[0], out _),
        "pins" => f[..3].All(static p => StorePath.TryParse(p, out _)) && Numbers(f.AsSpan(3)),
        "generation" => _sets.Peek().Set == "generations" && Numbers(f[0], f[2]) && StorePath.TryParse(f[1], out _),
        "load" => Decimal().IsMatch(f[0]) && Numbers(f.AsSpan(1)) && long.Parse(f[2], CultureInfo.InvariantCulture) <= long.Parse(f[1], CultureInfo.InvariantCulture),
        "beat" or "lock" => Numbers(f),
        "words" => Numbers(f[0], f[3]) && (f[1].Length is 0 or 32),
        "op" => f[0] is "J" or "O" && Guid.TryParseExact(f[1], "D", out _),
        _ => false,
    };

    private bool Begin(string set)
    {
        _sets.Push((set, _count));
        return set is "snapshot" or "units" or "generations" && (_complete || _sets.Count == (set == "snapshot" ? 1 : 2));
    }

    private bool End(string set, string count)
    {
        _complete |= set == "snapshot";
        return _sets.TryPop(out var begun) && begun.Set == set && long.Parse(count, CultureInfo.InvariantCulture) == _count - begun.Count - 1;
    }

    private static bool Property(string field)
    {
        var (key, value) = field.Split('=', 2) is [var k, var v] ? (k, v) : ("", "");
        return key switch
        {
            "NRestarts" or "MainPID" or "ExecMainCode" or "ExecMainStatus" or "MemoryCurrent" or "StateChangeTimestamp" or "StateChangeTimestampMonotonic" or "ActiveEnterTimestampMonotonic" => Numbers(value),
            "ActiveState" => Enum.TryParse<UnitActivity>(value, ignoreCase: true, out var activity) && activity != UnitActivity.Unknown,
            "InvocationID" => value.Length is 32 or 0,
            "Description" or "StatusText" => Encoding.UTF8.GetByteCount(value) <= 300,
            "LoadState" or "SubState" or "Result" or "FragmentPath" or "NeedDaemonReload" or "UnitFileState" or "Marker" => true,
            _ => false,
        };
    }

    private void Expect(bool holds, string rule, string line)
    {
        if (!holds)
        {
            Faults.Add($"{rule}: {line}");
        }
    }

    private static bool Numbers(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (!Digits().IsMatch(field))
            {
                return false;
            }
        }

        return true;
    }

    [GeneratedRegex(@"\A[a-z][1-9][0-9]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Stamp();

    [GeneratedRegex(@"\A[0-9]{1,18}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Digits();

    [GeneratedRegex(@"\A[0-9]+\.[0-9]{2}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Decimal();

    // A backslash that begins none of JSON's escapes.
    [GeneratedRegex(@"(\A|[^\\])(\\\\)*\\([^""\\/bfnrtu]|u.{0,3}\z|\z)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();
}
