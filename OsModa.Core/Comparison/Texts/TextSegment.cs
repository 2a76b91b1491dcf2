namespace OsModa.Core.Comparison.Texts;

/// <summary>What a stretch of a line is, beside the line of the other side.</summary>
public enum TextSegmentKind
{
    Same,
    /// <summary>The other side has something else here, or nothing.</summary>
    Changed,
    /// <summary><c>/nix/store/</c>, the hash and its dash, where they say nothing of their own.</summary>
    Hash,
    /// <summary>The same stretch before a name that both sides have: another build of it.</summary>
    Rebuilt,
}

/// <summary>A stretch of a line.</summary>
/// <param name="Text">As the file has it: bytes of a server, see <see cref="VisibleText"/> before it is shown.</param>
/// <param name="Kind">What it is.</param>
public readonly record struct TextSegment(string Text, TextSegmentKind Kind);
