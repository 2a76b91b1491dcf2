using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Comparison;

/// <summary>Collects which files compare.sh tells of one side, and their texts, within bounds that no real system comes near.</summary>
internal sealed class SideReading
{
    private const int MostEntries = 40_000, MostTexts = 8_000, MostWishes = 5_000, MostTextBytes = 24 * 1024 * 1024, LongestText = 128 * 1024, LongestLine = 4_000;

    private readonly Dictionary<string, FileEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);

    // Null: longer than any that compare.sh tells, so none is kept of it.
    private readonly Dictionary<string, StringBuilder?> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<(string Unit, UnitName By)> _wishes = [];
    private int _textBytes;

    public void AddEntry(FileEntry entry)
    {
        if (_entries.Count < MostEntries)
        {
            _entries[entry.Path] = entry;
        }
    }

    public void AddSize(string path, long bytes)
    {
        if (_sizes.Count < MostTexts)
        {
            _sizes[path] = bytes;
        }
    }

    public void AddWish(string unit, UnitName by)
    {
        if (_wishes.Count < MostWishes)
        {
            _wishes.Add((unit, by));
        }
    }

    /// <exception cref="FormatException">There is more text than any system has.</exception>
    public void AddLine(string path, ReadOnlySpan<byte> line)
    {
        if (!_sizes.ContainsKey(path))
        {
            return;
        }

        if (_textBytes + line.Length + 1 > MostTextBytes)
        {
            throw new FormatException("The texts of units and /etc are larger than 24 MiB.");
        }

        _textBytes += line.Length + 1;
        if (!_texts.TryGetValue(path, out var text))
        {
            _texts[path] = text = new StringBuilder();
        }

        if (text is null || text.Length + line.Length > LongestText)
        {
            _texts[path] = null;
            return;
        }

        text.Append(Harmless(line)).Append('\n');
    }

    // Tabs are indentation here, not control.
    private static string Harmless(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line.Length > LongestLine ? line[..LongestLine] : line);
        return text.Contains('\t', StringComparison.Ordinal)
            ? string.Join('\t', text.Split('\t').Select(part => ServerText.Harmless(part, LongestLine)))
            : ServerText.Harmless(text, LongestLine);
    }

    public SystemFiles Files() => new(
        _entries.ToFrozenDictionary(StringComparer.Ordinal),
        _sizes.ToFrozenDictionary(one => one.Key, one => new FileText(one.Value, one.Value == 0 ? "" : _texts.GetValueOrDefault(one.Key)?.ToString()), StringComparer.Ordinal))
    {
        Wishes = _wishes.GroupBy(wish => wish.Unit, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.Select(wish => wish.By).Order().ToImmutableArray(), StringComparer.Ordinal),
    };
}
