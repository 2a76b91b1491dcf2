using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace OsModa.Core.Comparison.Texts;

/// <summary>What can be told of two texts.</summary>
public enum TextVerdict
{
    Alike,
    /// <summary>They differ, and <see cref="TextComparison.Parts"/> shows where.</summary>
    Differ,
    /// <summary>They differ, and at least one is no text.</summary>
    Binary,
    /// <summary>They differ, and at least one is larger than the limits.</summary>
    TooLarge,
}

/// <summary>The size of one side.</summary>
/// <param name="Bytes">As UTF-8.</param>
/// <param name="Lines">0 when it was not counted, because the text is none or too large.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextSize(long Bytes, int Lines);

/// <summary>The lines in which two texts differ.</summary>
public sealed record TextComparison
{
    public required TextVerdict Verdict { get; init; }

    public required TextSize From { get; init; }

    public required TextSize To { get; init; }

    /// <summary>Changes and folds in turn, from the first line to the last; empty unless the verdict is <see cref="TextVerdict.Differ"/>.</summary>
    public ImmutableArray<TextPart> Parts { get; init; } = [];

    /// <summary>Lines that only the left side has, changed ones among them.</summary>
    public int Removed { get; init; }

    /// <summary>Lines that only the right side has, changed ones among them.</summary>
    public int Added { get; init; }

    /// <summary>Unchanged lines around each change that the limits asked for.</summary>
    public int Context { get; init; }

    /// <summary>Some stretch was too different to be worth a search and is shown as replaced: there may be a shorter difference.</summary>
    public bool Coarse { get; init; }

    /// <summary>Both texts, as far as they can be read line by line; null unless the verdict is <see cref="TextVerdict.Differ"/>.</summary>
    internal TextRows? Rows { get; init; }

    /// <summary>The lines that are folded away.</summary>
    /// <param name="fold">One of <see cref="Parts"/>.</param>
    public ImmutableArray<TextRow> Unfold(TextFold fold) =>
        Rows is { } rows ? [.. Enumerable.Range(0, fold.Count).Select(i => rows.Of(new LineStep(fold.FromLine - 1 + i, fold.ToLine - 1 + i)))] : [];

    /// <summary>Compares two texts line by line. A text that does not exist is empty: null.</summary>
    public static TextComparison Between(string? from, string? to, TextLimits? limits = null)
    {
        (from, to, limits) = (from ?? "", to ?? "", limits ?? TextLimits.Default);
        var (fromSize, toSize) = (new TextSize(Encoding.UTF8.GetByteCount(from), 0), new TextSize(Encoding.UTF8.GetByteCount(to), 0));
        if (from != to && (from.Contains('\0', StringComparison.Ordinal) || to.Contains('\0', StringComparison.Ordinal)))
        {
            return new TextComparison { Verdict = TextVerdict.Binary, From = fromSize, To = toSize };
        }

        (fromSize, toSize) = (fromSize with { Lines = SourceLine.Count(from) }, toSize with { Lines = SourceLine.Count(to) });
        if (from == to)
        {
            return new TextComparison { Verdict = TextVerdict.Alike, From = fromSize, To = toSize };
        }

        var tooLarge = Math.Max(fromSize.Bytes, toSize.Bytes) > limits.MaxBytes || Math.Max(fromSize.Lines, toSize.Lines) > limits.MaxLines;
        return tooLarge
            ? new TextComparison { Verdict = TextVerdict.TooLarge, From = fromSize, To = toSize }
            : new LineDifference(SourceLine.Read(from), SourceLine.Read(to), limits).Result(fromSize, toSize);
    }

    /// <summary>Compares the contents of two files; those that are not UTF-8 are no text.</summary>
    public static TextComparison Between(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, TextLimits? limits = null)
    {
        limits ??= TextLimits.Default;
        var alike = from.SequenceEqual(to);
        var tooLarge = Math.Max(from.Length, to.Length) > limits.MaxBytes;
        if (!alike && !tooLarge && from.IndexOf((byte)0) < 0 && to.IndexOf((byte)0) < 0 && IsUtf8(from) && IsUtf8(to))
        {
            return Between(Encoding.UTF8.GetString(from), Encoding.UTF8.GetString(to), limits);
        }

        var verdict = alike ? TextVerdict.Alike : tooLarge ? TextVerdict.TooLarge : TextVerdict.Binary;
        return new TextComparison { Verdict = verdict, From = new TextSize(from.Length, 0), To = new TextSize(to.Length, 0) };
    }

    private static bool IsUtf8(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes);
}
