using System.Text;
using OsModa.Core.Nix;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Comparison;

/// <summary>Takes the lines of compare.sh one by one, and says after which of them a part is whole.</summary>
internal sealed class CompareLines
{
    private const int LongestPath = 1_024;
    private static readonly byte[] ClosuresEnd = "closures-end"u8.ToArray(), EntriesEnd = "entries-end"u8.ToArray(), TextsEnd = "texts-end"u8.ToArray();

    private readonly ClosureReading _from = new(), _to = new(), _both = new();
    private ClosureReading? _closure;
    private SideReading? _texts;

    public SideReading From { get; } = new();

    public SideReading To { get; } = new();

    /// <summary>A system that is not on the server, if that was said.</summary>
    public string? Gone { get; private set; }

    /// <summary>The closures of the two systems, once they were told.</summary>
    /// <exception cref="FormatException">They make no sense.</exception>
    public (Closure From, Closure To) Closures(StorePath from, StorePath to) =>
        _both.Shape.Length > 0 && _both.OfEach(from, to) is [var old, var @new] ? (old, @new) : (_from.Of(from), _to.Of(to));

    /// <summary>The closure of the only system that was asked for.</summary>
    /// <exception cref="FormatException">It makes no sense.</exception>
    public Closure Closure(StorePath system) => _to.Of(system);

    /// <summary>Which part ended with this line.</summary>
    /// <exception cref="FormatException">More than any real system has.</exception>
    public ComparisonPart? Take(ReadOnlySpan<byte> line)
    {
        if (_closure is { } closure && line is [(byte)'=', .. var piece])
        {
            closure.Add(piece);
            return null;
        }

        if (_texts is { } texts && line.IndexOf((byte)0) is > 0 and var zero)
        {
            texts.AddLine(PathOf(line[..zero]), line[(zero + 1)..]);
            return null;
        }

        var part = EndOf(line);
        if (part is null)
        {
            TakeFields(Encoding.UTF8.GetString(line.Length > LongestPath * 3 ? line[..(LongestPath * 3)] : line).Split('\t'));
        }

        return part;
    }

    private static ComparisonPart? EndOf(ReadOnlySpan<byte> line) =>
        line.SequenceEqual(ClosuresEnd) ? ComparisonPart.Packages
        : line.SequenceEqual(EntriesEnd) ? ComparisonPart.Files
        : line.SequenceEqual(TextsEnd) ? ComparisonPart.Texts
        : null;

    private void TakeFields(string[] fields)
    {
        switch (fields)
        {
            case ["gone", var system]:
                Gone = ServerText.Harmless(system, LongestPath);
                break;
            case ["closure", var side, var shape] when ClosureOf(side) is { } of:
                of.Shape = shape;
                _closure = of;
                break;
            case ["entry", var side, var path, _, var behind, _, var target] when Side(side) is { } of:
                of.AddEntry(new FileEntry(Harmless(path), behind == "d", Harmless(target)));
                break;
            case ["wanted", var unit, var link] when UnitFiles.WisherOf(UnitFiles.Folder + link) is { } by:
                To.AddWish(Harmless(unit), by);
                break;
            case ["texts", var side]:
                _texts = Side(side);
                break;
            case ["file", var bytes, var path] when _texts is { } of && bytes.Length < 18 && long.TryParse(bytes, out var size):
                of.AddSize(Harmless(path), size);
                break;
        }
    }

    private ClosureReading? ClosureOf(string word) => word switch { "from" => _from, "to" => _to, "both" => _both, _ => null };

    private SideReading? Side(string word) => word switch { "from" => From, "to" => To, _ => null };

    private static string PathOf(ReadOnlySpan<byte> path) => Harmless(Encoding.UTF8.GetString(path));

    private static string Harmless(string path) => ServerText.Harmless(path, LongestPath);
}
