using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>Which differences between two systems may be why a unit fails: the nearest to it first, the kernel last.</summary>
public static class Suspects
{
    private const int Most = 60;

    /// <param name="difference">All of it, read with this unit where its own file is alike: what it names is in its text.</param>
    /// <param name="unit">The unit that fails in the second system.</param>
    /// <returns>Empty when nothing near it differs: then the reason lies outside of the system.</returns>
    public static ImmutableArray<Suspect> Find(SystemDifference difference, UnitName unit)
    {
        var sides = new UnitSides(difference, unit);
        return
        [
            .. SettingSuspects.Find(sides)
                .Concat(NamedSuspects.Find(sides, new PackageRows(difference.Packages)))
                .Concat(FileSuspects.Find(difference, sides))
                .Concat(UnitSuspects.Find(difference, sides))
                .Concat(PackageSuspects.Find(difference, sides))
                .Concat(Kernel(difference.Boot))
                .OrderBy(suspect => suspect.Closeness)
                .ThenBy(suspect => suspect.Why.EndsWith(VersionSentence.BuiltAnew + ".", StringComparison.Ordinal))
                .ThenBy(suspect => suspect.Kind)
                .ThenBy(suspect => suspect.Subject, StringComparer.Ordinal)
                .DistinctBy(suspect => suspect.Row ?? suspect.Subject)
                .Take(Most),
        ];
    }

    private static IEnumerable<Suspect> Kernel(BootChange boot) => boot.Kernel is not { } kernel ? [] :
    [
        new Suspect(
            SuspectKind.Kernel, "kernel", $"Everything runs on it: {(kernel.Old == kernel.New ? VersionSentence.BuiltAnew : $"{kernel.Old} became {kernel.New}")}; it counts only if the server was restarted since.",
            Closeness.Kernel) { Row = RowIds.Boot },
    ];
}
