using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>Packages that differ and are needed by what the unit names, by the length of the way to them.</summary>
internal static class PackageSuspects
{
    public static IEnumerable<Suspect> Find(SystemDifference difference, UnitSides unit)
    {
        var (old, @new) = (Reach(difference.FromGraph, unit.OldNames), Reach(difference.ToGraph, unit.NewNames));
        foreach (var change in difference.Packages.Changes)
        {
            if (change.Kind is not (PackageChangeKind.Configuration or PackageChangeKind.Selection)
                && (Nearest(@new, change.OnlyTo) ?? Nearest(old, change.OnlyFrom)) is { Distance: > 0 } way
                && (way.Distance == 1 || change.Kind is not (PackageChangeKind.Rebuilt or PackageChangeKind.Outputs)))
            {
                yield return new Suspect(SuspectKind.Package, change.Name, $"{Way(way)}: {VersionSentence.Of(change)}.", Closeness.Package(way.Distance)) { Row = RowIds.Package(change.Name) };
            }
        }
    }

    // Commands of the PATH are needed by nearly every unit: what they need says nothing of this one.
    private static Dictionary<StorePath, (int Distance, StorePath Before)> Reach(ClosureGraph graph, NamedThings named) =>
        graph.Reach(named.Store.Where(one => one.Value != NamedAs.SearchPath).OrderBy(one => one.Value).Select(one => one.Key));

    private static (int Distance, StorePath Before)? Nearest(Dictionary<StorePath, (int Distance, StorePath Before)> reached, IEnumerable<PackagePath> paths)
    {
        (int Distance, StorePath Before)? nearest = null;
        foreach (var path in paths)
        {
            if (reached.TryGetValue(path.Path, out var way) && (nearest is null || way.Distance < nearest.Value.Distance))
            {
                nearest = way;
            }
        }

        return nearest;
    }

    private static string Way((int Distance, StorePath Before) way) => PackageKey.Of(way.Before).Name is var name && way.Distance == 1 ? $"{name} needs it" : $"{way.Distance} steps away, needed by {name}";
}
