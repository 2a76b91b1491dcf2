namespace OsModa.Core.Comparison.Packages;

/// <summary>How the name of an artefact of the configuration is known.</summary>
/// <param name="Kind">What such a path is.</param>
/// <param name="Prefix">How the name begins; may be empty.</param>
/// <param name="Suffix">How it ends; may be empty.</param>
/// <param name="Whole">The name is <paramref name="Prefix"/> and nothing else.</param>
/// <param name="Versioned">The name ends in a version, as that of a package does.</param>
/// <param name="OnlyWithoutVersion">A name with a version in it is a package after all.</param>
public sealed record ArtefactRule(
    ArtefactKind Kind, string Prefix = "", string Suffix = "", bool Whole = false, bool Versioned = false, bool OnlyWithoutVersion = false)
{
    /// <summary>What the artefact is about: <c>nginx.service</c> of <c>unit-nginx.service</c>; a file name whole.</summary>
    public string SubjectOf(string name) => Whole || Prefix.Length == 0 ? name : name[Prefix.Length..];

    internal bool Fits(ReadOnlySpan<char> name) =>
        Whole
            ? name.SequenceEqual(Prefix)
            : name.Length > Prefix.Length + Suffix.Length
                && name.StartsWith(Prefix, StringComparison.Ordinal)
                && name.EndsWith(Suffix, StringComparison.Ordinal)
                && !(OnlyWithoutVersion && StoreName.Split(name).Version.Length > 0);
}
