using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OsModa.Core.Comparison.Packages;

/// <summary>Says what happened to the versions of one name. Its collections serve one group after the other.</summary>
internal sealed class GroupVersions
{
    private readonly Dictionary<string, Sides> _versions = [];
    private readonly List<PackageVersion> _gone = [];
    private readonly List<PackageVersion> _come = [];
    private readonly List<string> _stay = [];

    [Flags]
    private enum Sides
    {
        None = 0,
        From = 1,
        To = 2,
        Kept = 4,
    }

    /// <summary>What comes, goes or stays with other paths, and the versions that keep the very same paths.</summary>
    public (ImmutableArray<VersionChange> Changes, ImmutableArray<string> Kept) Of(PackageGroup group)
    {
        // Nearly every group is this one.
        if (group is { From: [var one], To: [var other], KeptVersions.Count: 0 })
        {
            return ([Between(one.Version, other.Version)], []);
        }

        Sort(group);
        var changes = VersionPairing.Pair(_gone, _come);
        changes.AddRange(_stay.Select(version => new VersionChange(version, version, VersionMove.Same)));
        var sorted = changes.ToArray();
        Array.Sort(Array.ConvertAll(sorted, change => PackageVersion.Parse(change.To ?? change.From!)), sorted, PackageVersion.Order);

        var kept = _versions.Where(version => version.Value == Sides.Kept).Select(version => PackageVersion.Parse(version.Key)).ToList();
        kept.Sort(PackageVersion.Compare);
        return (ImmutableCollectionsMarshal.AsImmutableArray(sorted), [.. kept.Select(version => version.Text)]);
    }

    private static VersionChange Between(string from, string to) =>
        new(from, to, from == to ? VersionMove.Same : PackageVersion.Move(PackageVersion.Parse(from), PackageVersion.Parse(to)));

    // A version that both closures have, with whichever paths, has stayed: only the others can have taken each other's place.
    private void Sort(PackageGroup group)
    {
        _versions.Clear();
        _gone.Clear();
        _come.Clear();
        _stay.Clear();
        Mark(group.From.Select(path => path.Version), Sides.From);
        Mark(group.To.Select(path => path.Version), Sides.To);
        Mark(group.KeptVersions, Sides.Kept);
        foreach (var (version, sides) in _versions)
        {
            switch (sides)
            {
                case Sides.From:
                    _gone.Add(PackageVersion.Parse(version));
                    break;
                case Sides.To:
                    _come.Add(PackageVersion.Parse(version));
                    break;
                case not Sides.Kept:
                    _stay.Add(version);
                    break;
            }
        }
    }

    private void Mark(IEnumerable<string> versions, Sides side)
    {
        foreach (var version in versions)
        {
            _versions[version] = _versions.GetValueOrDefault(version) | side;
        }
    }
}
