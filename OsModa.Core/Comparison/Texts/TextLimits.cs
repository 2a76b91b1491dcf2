namespace OsModa.Core.Comparison.Texts;

/// <summary>How much of two texts is compared, and how.</summary>
public sealed record TextLimits
{
    public static TextLimits Default { get; } = new();

    /// <summary>Bytes of UTF-8 that each side may have; beyond, only the sizes are told.</summary>
    public int MaxBytes { get; init; } = 64 * 1024;

    /// <summary>Lines that each side may have; beyond, only the sizes are told.</summary>
    public int MaxLines { get; init; } = 5_000;

    /// <summary>Lines removed and added that are worth a search for the shortest difference. A stretch beyond it is replaced as a whole.</summary>
    public int MaxEdits { get; init; } = 2_000;

    /// <summary>Unchanged lines that are shown on both sides of a change.</summary>
    public int Context { get; init; } = 3;

    /// <summary>
    /// Whether hashes of store paths are looked away from: lines that differ in nothing else belong together and are told apart as rebuilt,
    /// and within a line a hash is never part of a changed word.
    /// </summary>
    public bool LookPastHashes { get; init; } = true;
}
