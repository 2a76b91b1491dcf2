namespace OsModa.Core.Comparison.Packages;

/// <summary>Which way one version of a package goes.</summary>
public enum VersionMove
{
    Up,
    Down,
    /// <summary>To another version, of which nobody can tell whether it is newer.</summary>
    Sideways,
    /// <summary>The version stays, its paths are others.</summary>
    Same,
    Added,
    Removed,
}

/// <summary>A version and what takes its place.</summary>
/// <param name="From">Null when it is added; empty when the path has no version.</param>
/// <param name="To">Null when it is removed; empty when the path has no version.</param>
/// <param name="Move">Which way it goes.</param>
public readonly record struct VersionChange(string? From, string? To, VersionMove Move);
