using System.Collections.Immutable;

namespace OsModa.Core.Comparison.Packages;

/// <summary>Says what happened to the paths of one name. Its collections serve one group after the other.</summary>
internal sealed class PackageGroupWork
{
    private readonly GroupVersions _versions = new();
    private readonly HashSet<(string Version, string Output)> _before = [];

    public PackageChange Describe(PackageGroup group)
    {
        group.From.Sort(ByName);
        group.To.Sort(ByName);
        var (versions, kept) = _versions.Of(group);
        return new PackageChange
        {
            Name = group.Name,
            Kind = group.Rule is null ? Kind(group, versions) : PackageChangeKind.Configuration,
            Selection = group.Selection,
            Artefact = group.Rule,
            Versions = versions,
            Kept = kept,
            GainedOutputs = OutputsOfOne(group, group.To, group.From),
            LostOutputs = OutputsOfOne(group, group.From, group.To),
            OnlyFrom = [.. group.From],
            OnlyTo = [.. group.To],
            FromBytes = Bytes(group.From),
            ToBytes = Bytes(group.To),
        };
    }

    private PackageChangeKind Kind(PackageGroup group, ImmutableArray<VersionChange> versions)
    {
        var moves = 0;
        foreach (var version in versions)
        {
            moves |= 1 << (int)version.Move;
        }

        bool Any(VersionMove move) => (moves & (1 << (int)move)) != 0;
        return (Any(VersionMove.Sideways), Any(VersionMove.Up), Any(VersionMove.Down)) switch
        {
            (true, _, _) => PackageChangeKind.Changed,
            (_, true, true) => PackageChangeKind.BothWays,
            (_, true, false) => PackageChangeKind.Upgraded,
            (_, false, true) => PackageChangeKind.Downgraded,
            // What comes and what goes are paired as far as both last, so that never both are left.
            _ when Any(VersionMove.Added) => PackageChangeKind.Added,
            _ when Any(VersionMove.Removed) => PackageChangeKind.Removed,
            _ when HasReplacement(group) => PackageChangeKind.Rebuilt,
            _ => group.From.Count + group.To.Count > 0 ? PackageChangeKind.Outputs : PackageChangeKind.Selection,
        };
    }

    private bool HasReplacement(PackageGroup group)
    {
        _before.Clear();
        _before.UnionWith(group.From.Select(path => (path.Version, path.Output)));
        return group.To.Exists(path => _before.Contains((path.Version, path.Output)));
    }

    // There are only so many names of outputs, however many paths.
    private static ImmutableArray<string> OutputsOfOne(PackageGroup group, List<PackagePath> side, List<PackagePath> other) =>
        side.Count == 0 || (other.Count == 0 && group.KeptOutputs.Count == 0)
            ? []
            : [.. side.Select(path => path.Output).Except(other.Select(path => path.Output)).Except(group.KeptOutputs).Order(StringComparer.Ordinal)];

    private static long Bytes(List<PackagePath> paths)
    {
        var sum = 0L;
        foreach (var path in paths)
        {
            sum = ClosureTotals.Sum(sum, path.Bytes);
        }

        return sum;
    }

    private static int ByName(PackagePath a, PackagePath b)
    {
        var byName = StoreName.Whole(a.Path).SequenceCompareTo(StoreName.Whole(b.Path));
        return byName != 0 ? byName : string.CompareOrdinal(a.Path.Text, b.Path.Text);
    }
}
