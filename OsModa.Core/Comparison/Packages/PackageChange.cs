using System.Collections.Immutable;

namespace OsModa.Core.Comparison.Packages;

/// <summary>All that happens to the paths of one name.</summary>
public sealed record PackageChange
{
    /// <summary>The package; of an artefact without a version, the whole name of its path.</summary>
    public required string Name { get; init; }

    public required PackageChangeKind Kind { get; init; }

    public required PackageSelection Selection { get; init; }

    /// <summary>Set for <see cref="PackageChangeKind.Configuration"/> alone: by what the artefact is known.</summary>
    public ArtefactRule? Artefact { get; init; }

    /// <summary>Each version that goes, comes or stays with other paths, by version.</summary>
    public ImmutableArray<VersionChange> Versions { get; init; } = [];

    /// <summary>Versions that both closures have with the very same paths.</summary>
    public ImmutableArray<string> Kept { get; init; } = [];

    /// <summary>Outputs that a package of both closures has only after the change.</summary>
    public ImmutableArray<string> GainedOutputs { get; init; } = [];

    /// <summary>Outputs that a package of both closures has only before the change.</summary>
    public ImmutableArray<string> LostOutputs { get; init; } = [];

    /// <summary>Paths that only the first closure has.</summary>
    public ImmutableArray<PackagePath> OnlyFrom { get; init; } = [];

    /// <summary>Paths that only the second closure has.</summary>
    public ImmutableArray<PackagePath> OnlyTo { get; init; } = [];

    /// <summary>Bytes of <see cref="OnlyFrom"/>.</summary>
    public long FromBytes { get; init; }

    /// <summary>Bytes of <see cref="OnlyTo"/>.</summary>
    public long ToBytes { get; init; }

    /// <summary>By how much the closure grows; negative when it shrinks.</summary>
    public long Delta => ToBytes - FromBytes;

    /// <summary>The name to show: without the prefix that marks an artefact.</summary>
    public string Subject => Artefact?.SubjectOf(Name) ?? Name;
}
