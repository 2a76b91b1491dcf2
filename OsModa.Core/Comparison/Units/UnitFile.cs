using System.Collections.Frozen;
using System.Text;

namespace OsModa.Core.Comparison;

/// <summary>
/// A unit's settings as NixOS's switch program reads them: its file and its drop-ins one after the other, each key with all its
/// values. [Install] is left out, because it means nothing while a unit runs (nixpkgs, switch-to-configuration-ng, parse_unit).
/// </summary>
public sealed class UnitFile
{
    private readonly Dictionary<string, Dictionary<string, List<string>>> _sections = new(StringComparer.Ordinal);

    private UnitFile()
    {
    }

    public IEnumerable<string> Sections => _sections.Keys;

    /// <param name="texts">The unit's file, then its drop-ins in the order of their names.</param>
    public static UnitFile Parse(IEnumerable<string> texts)
    {
        var file = new UnitFile();
        foreach (var text in texts)
        {
            file.Take(text);
        }

        return file;
    }

    /// <summary>Keys of a section with their values, none for a key that is set to nothing; empty for a section that is not there.</summary>
    public IReadOnlyDictionary<string, List<string>> Section(string name) =>
        _sections.TryGetValue(name, out var section) ? section : FrozenDictionary<string, List<string>>.Empty;

    /// <summary>All values of a key that count, in their order; empty when it has none, and when the last one sets it to nothing.</summary>
    public IReadOnlyList<string> Values(string section, string key) => Section(section).TryGetValue(key, out var values) ? values : [];

    /// <summary>The last value of a key, which is the one that counts; null when it has none.</summary>
    public string? Last(string section, string key) => Values(section, key) is [.., var last] ? last : null;

    /// <summary>The last value of a key, read as systemd reads a yes or no.</summary>
    public bool Flag(string section, string key, bool otherwise) => Values(section, key) is [.., var last]
        ? last is "1" or "yes" or "true" or "on"
        : otherwise;

    private void Take(string text)
    {
        Dictionary<string, List<string>>? section = null;
        var skipped = false;
        foreach (var line in Joined(text))
        {
            if (line is ['[', .. var name, ']'])
            {
                skipped = name == "Install";
                section = skipped ? null : Named(name);
            }
            else if (!skipped && section is not null && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                var key = line[..equals].TrimEnd();
                if (!section.TryGetValue(key, out var values))
                {
                    section[key] = values = [];
                }

                // systemd.syntax(7): an empty value takes back those before it.
                if (line[(equals + 1)..].TrimStart() is { Length: > 0 } value)
                {
                    values.Add(value);
                }
                else
                {
                    values.Clear();
                }
            }
        }
    }

    private Dictionary<string, List<string>> Named(string name) =>
        _sections.TryGetValue(name, out var known) ? known : _sections[name] = new Dictionary<string, List<string>>(StringComparer.Ordinal);

    // systemd.syntax(7): a backslash at the end goes on with the next line; comments between them do not count.
    private static IEnumerable<string> Joined(string text)
    {
        var begun = new StringBuilder();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 ? begun.Length == 0 : line[0] is '#' or ';')
            {
                continue;
            }

            if (line.EndsWith('\\'))
            {
                begun.Append(line.AsSpan(..^1)).Append(' ');
                continue;
            }

            yield return begun.Length > 0 ? begun.Append(line).ToString() : line;
            begun.Clear();
        }

        if (begun.Length > 0)
        {
            yield return begun.ToString();
        }
    }
}
