using System.Collections.Immutable;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison.Packages;

/// <summary>One comparison of two closures: sorts the paths that differ into groups by name, and has each group say what happened to it.</summary>
internal sealed class ClosureDifference(Closure from, Closure to)
{
    private readonly ClosureSide _from = new(from);
    private readonly ClosureSide _to = new(to);
    private readonly Dictionary<string, PackageGroup> _packages = [];
    private readonly Dictionary<string, PackageGroup> _artefacts = [];

    public PackageComparison Result()
    {
        var shared = new List<StorePathInfo>(_from.Paths.Count);
        var (fromCount, fromBytes) = Take(_from, _to, static group => group.From, shared);
        var (toCount, toBytes) = Take(_to, _from, static group => group.To, null);
        Choose(_from, static group => group.SelectedFrom = true);
        Choose(_to, static group => group.SelectedTo = true);
        Keep(shared);

        var work = new PackageGroupWork();
        var changes = new List<PackageChange>(_packages.Count + _artefacts.Count);
        foreach (var group in _packages.Values.Concat(_artefacts.Values))
        {
            if (group.Differs)
            {
                changes.Add(work.Describe(group));
            }
        }

        changes.Sort(InReadingOrder);
        return new PackageComparison(
            [.. changes],
            new ClosureTotals(_from.Paths.Count, _from.Bytes, fromCount, fromBytes),
            new ClosureTotals(_to.Paths.Count, _to.Bytes, toCount, toBytes));
    }

    private (int Count, long Bytes) Take(ClosureSide side, ClosureSide other, Func<PackageGroup, List<PackagePath>> list, List<StorePathInfo>? shared)
    {
        var (count, bytes) = (0, 0L);
        foreach (var info in side.Paths)
        {
            if (other.Has(info.Path))
            {
                shared?.Add(info);
                continue;
            }

            var group = GroupOf(info.Path, out var name);
            list(group).Add(new PackagePath(info.Path, group.VersionText(name.Version), name.Output, info.NarBytes));
            count++;
            bytes = ClosureTotals.Sum(bytes, info.NarBytes);
        }

        return (count, bytes);
    }

    // Also makes a group where nothing changed but the choice: that a package stays on a server as a dependency only is a difference.
    private void Choose(ClosureSide side, Action<PackageGroup> mark)
    {
        foreach (var path in side.Selected)
        {
            mark(GroupOf(path, out _));
        }
    }

    // Most paths are alike on both sides; only those of a name that changes are worth more than a look.
    private void Keep(List<StorePathInfo> shared)
    {
        foreach (var info in shared)
        {
            if (Groups(info.Path, out var name, out _).TryGetValue(name.Name, out var group) && group.Differs)
            {
                group.Keep(name.Version, name.Output);
            }
        }
    }

    private PackageGroup GroupOf(StorePath path, out StoreName name)
    {
        var groups = Groups(path, out name, out var rule);
        if (!groups.TryGetValue(name.Name, out var group))
        {
            group = new PackageGroup(name.Name.ToString(), rule);
            groups[name.Name] = group;
        }

        return group;
    }

    private Dictionary<string, PackageGroup>.AlternateLookup<ReadOnlySpan<char>> Groups(StorePath path, out StoreName name, out ArtefactRule? rule)
    {
        var whole = StoreName.Whole(path);
        rule = ArtefactRules.Find(whole);
        name = rule is { Versioned: false } ? StoreName.Unsplit(whole) : StoreName.Split(whole);
        return (rule is null ? _packages : _artefacts).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private static int InReadingOrder(PackageChange a, PackageChange b)
    {
        var bySelection = (a.Selection == PackageSelection.Dependency).CompareTo(b.Selection == PackageSelection.Dependency);
        var byKind = bySelection != 0 ? bySelection : a.Kind.CompareTo(b.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(a.Name, b.Name);
    }
}
