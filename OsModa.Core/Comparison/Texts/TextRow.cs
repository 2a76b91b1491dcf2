namespace OsModa.Core.Comparison.Texts;

public enum TextRowKind
{
    Same,
    /// <summary>One line became the other.</summary>
    Changed,
    /// <summary>The lines differ in hashes of store paths alone.</summary>
    Rebuilt,
    Removed,
    Added,
}

/// <summary>What stands beside each other: drawn in two columns it is a row; in one, first the left line and then the right one, or one of them when they are the same.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="From">Null when the line is added.</param>
/// <param name="To">Null when the line is removed.</param>
public sealed record TextRow(TextRowKind Kind, TextLine? From, TextLine? To);
