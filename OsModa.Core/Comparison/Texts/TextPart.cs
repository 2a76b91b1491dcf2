using System.Collections.Immutable;

namespace OsModa.Core.Comparison.Texts;

/// <summary>A stretch of two texts, shown or folded away.</summary>
/// <param name="FromLine">Number of the first line on the left side; where the left side has none, of the line that would come next.</param>
/// <param name="ToLine">The same on the right side.</param>
/// <param name="Section">A header such as <c>[Service]</c> that is in force: for a fold the one that the next line to be seen belongs to, null when none follows; for a hunk the one before its first line.</param>
public abstract record TextPart(int FromLine, int ToLine, string? Section);

/// <summary>Lines that both sides have, far from any change.</summary>
/// <param name="Count">How many.</param>
public sealed record TextFold(int FromLine, int ToLine, string? Section, int Count) : TextPart(FromLine, ToLine, Section);

/// <summary>Changes, and the lines around them.</summary>
/// <param name="Rows">All lines of the stretch, in the order of both texts.</param>
public sealed record TextHunk(int FromLine, int ToLine, string? Section, ImmutableArray<TextRow> Rows) : TextPart(FromLine, ToLine, Section)
{
    /// <summary>How many lines of the left side it has.</summary>
    public int FromCount => Rows.Count(row => row.From is not null);

    /// <summary>How many lines of the right side it has.</summary>
    public int ToCount => Rows.Count(row => row.To is not null);
}
