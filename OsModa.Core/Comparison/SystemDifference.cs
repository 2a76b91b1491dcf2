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

    /// <summary>What people who care for safety read first; empty until texts are read.</summary>
    public ImmutableArray<SecurityChange> Security { get; private init; } = [];

    public BootChange Boot { get; private init; } = new();

    /// <summary>Units that only one side has or that are not the same, by name, without what a switch does to them; empty until texts are read.</summary>
    public ImmutableArray<UnitFileChange> Units { get; private init; } = [];

    /// <summary>Which path of the first system's closure names which.</summary>
    public ClosureGraph FromGraph { get; private init; } = ClosureGraph.Empty;

    public ClosureGraph ToGraph { get; private init; } = ClosureGraph.Empty;

    /// <summary>The whole, once all of it is read.</summary>
    internal static SystemDifference Of(StorePath from, StorePath to, PackageComparison packages, SystemFiles fromFiles, SystemFiles toFiles, ClosureGraph? fromGraph = null, ClosureGraph? toGraph = null)
    {
        var files = EtcChanges.Find(fromFiles, toFiles);
        var units = new UnitFiles(fromFiles, toFiles).Changes();
        return new SystemDifference
        {
            From = from,
            To = to,
            Read = ComparisonPart.Texts,
            Packages = packages,
            FromFiles = fromFiles,
            ToFiles = toFiles,
            Files = files,
            Units = units,
            Security = SecurityChanges.Find(fromFiles, toFiles, files, units),
            Boot = BootChange.Find(fromFiles, toFiles),
            FromGraph = fromGraph ?? ClosureGraph.Empty,
            ToGraph = toGraph ?? ClosureGraph.Empty,
        };
    }
}
