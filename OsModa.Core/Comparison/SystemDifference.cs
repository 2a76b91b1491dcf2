using System.Collections.Immutable;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>
/// What is different between two systems. Store paths never change, so neither does this; what a switch from one to the other does
/// depends on what runs and is worked out by <see cref="Forecast"/>.
/// </summary>
public sealed class SystemDifference
{
    /// <summary>The system that is left.</summary>
    public required StorePath From { get; init; }

    /// <summary>The system that is gone to.</summary>
    public required StorePath To { get; init; }

    /// <summary>How far it has been read; a later part is null or empty until then.</summary>
    public required ComparisonPart Read { get; init; }

    public required PackageComparison Packages { get; init; }

    /// <summary>Files of each side that the other does not have like this; without texts until those are read.</summary>
    public SystemFiles FromFiles { get; init; } = SystemFiles.None;

    public SystemFiles ToFiles { get; init; } = SystemFiles.None;

    /// <summary>Changes below /etc, without units; empty until texts are read.</summary>
    public ImmutableArray<FileChange> Files { get; private init; } = [];

    public BootChange Boot { get; private init; } = new();

    /// <summary>The whole, once all of it is read.</summary>
    internal static SystemDifference Of(StorePath from, StorePath to, PackageComparison packages, SystemFiles fromFiles, SystemFiles toFiles) => new()
    {
        From = from,
        To = to,
        Read = ComparisonPart.Texts,
        Packages = packages,
        FromFiles = fromFiles,
        ToFiles = toFiles,
        Files = EtcChanges.Find(fromFiles, toFiles),
        Boot = BootChange.Find(fromFiles, toFiles),
    };
}
