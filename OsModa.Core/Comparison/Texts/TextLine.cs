using System.Collections.Immutable;

namespace OsModa.Core.Comparison.Texts;

/// <summary>What stands at the end of a line.</summary>
public enum LineEnding
{
    LineFeed,
    CarriageReturn,
    /// <summary>Nothing: the last line of a file that does not end as text files do.</summary>
    None,
}

/// <summary>A line of one side.</summary>
/// <param name="Number">Its number in its file, from 1.</param>
/// <param name="Text">The line without its ending.</param>
/// <param name="Ending">How it ends.</param>
/// <param name="Segments">The same text, cut where it differs from the other side.</param>
public sealed record TextLine(int Number, string Text, LineEnding Ending, ImmutableArray<TextSegment> Segments);
