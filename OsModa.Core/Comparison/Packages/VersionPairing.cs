namespace OsModa.Core.Comparison.Packages;

/// <summary>Finds for each version of a package that goes the one that comes in its place.</summary>
internal static class VersionPairing
{
    // 32 cubed is some 30,000 steps; more versions of one package than this are no package but an attack, or "source".
    private const int MostExact = 32;

    private const int DepthsThatCount = 8;
    private const int MostGap = 1023;
    private const int MostOthers = 255;

    /// <summary>Pairs as many as both sides have and returns the rest as removed or added. No version may stand on both sides.</summary>
    public static List<VersionChange> Pair(List<PackageVersion> gone, List<PackageVersion> come)
    {
        gone.Sort(PackageVersion.Compare);
        come.Sort(PackageVersion.Compare);

        // Always asked the same way round, so that the way back finds the same pairs where several are equally near.
        var turned = IsLater(gone, come);
        var (few, many) = turned ? (come, gone) : (gone, come);
        var partners = few.Count <= MostExact && many.Count <= MostExact ? Nearest(few, many) : ByRank(few, many);

        var changes = new List<VersionChange>(many.Count);
        var taken = new bool[many.Count];
        for (var i = 0; i < few.Count; i++)
        {
            var (one, other) = (few[i], many[partners[i]]);
            taken[partners[i]] = true;
            var (from, to) = turned ? (other, one) : (one, other);
            changes.Add(new VersionChange(from.Text, to.Text, PackageVersion.Move(from, to)));
        }

        for (var i = 0; i < many.Count; i++)
        {
            if (!taken[i])
            {
                changes.Add(turned
                    ? new VersionChange(many[i].Text, null, VersionMove.Removed)
                    : new VersionChange(null, many[i].Text, VersionMove.Added));
            }
        }

        return changes;
    }

    /// <summary>How far two versions are from each other: first how early they part, then how far the numbers are apart there, then how much else differs.</summary>
    internal static long Distance(PackageVersion a, PackageVersion b)
    {
        var at = PackageVersion.FirstDifference(a, b);
        var depth = Math.Min(at, DepthsThatCount - 1);
        var gap = VersionPart.Gap(a.PartAt(at), b.PartAt(at), MostGap);
        var others = 0;
        for (var i = at + 1; i < Math.Max(a.Parts.Length, b.Parts.Length) && others < MostOthers; i++)
        {
            others += VersionPart.Compare(a.PartAt(i), b.PartAt(i)) == 0 ? 0 : 1;
        }

        // Four times the cost for each part nearer to the front.
        return ((MostGap + 1L + gap) << (2 * (DepthsThatCount - 1 - depth) + 8)) + others;
    }

    private static bool IsLater(List<PackageVersion> gone, List<PackageVersion> come)
    {
        if (gone.Count != come.Count)
        {
            return gone.Count > come.Count;
        }

        for (var i = 0; i < gone.Count; i++)
        {
            var order = PackageVersion.Compare(gone[i], come[i]);
            if (order != 0)
            {
                return order > 0;
            }
        }

        return false;
    }

    private static int[] Nearest(List<PackageVersion> few, List<PackageVersion> many)
    {
        if (few.Count == 1 && many.Count == 1)
        {
            return [0];
        }

        var cost = new long[few.Count, many.Count];
        for (var i = 0; i < few.Count; i++)
        {
            for (var j = 0; j < many.Count; j++)
            {
                cost[i, j] = Distance(few[i], many[j]);
            }
        }

        return Assignment.Cheapest(cost);
    }

    // The newest to the newest, and so on down.
    private static int[] ByRank(List<PackageVersion> few, List<PackageVersion> many) =>
        [.. Enumerable.Range(many.Count - few.Count, few.Count)];
}
