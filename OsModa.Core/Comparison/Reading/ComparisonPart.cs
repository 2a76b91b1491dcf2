namespace OsModa.Core.Comparison;

/// <summary>Parts of a comparison, in the order in which they come.</summary>
public enum ComparisonPart
{
    /// <summary>Which store paths the two systems need.</summary>
    Packages,

    /// <summary>Which files are not the same, without their texts.</summary>
    Files,

    /// <summary>What is in these files: units, /etc, boot.</summary>
    Texts,
}
