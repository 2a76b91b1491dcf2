using System.Numerics;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Tree;

/// <summary>Reads the roots of perfect subtrees.</summary>
public interface ISubtrees
{
    /// <summary>The root over the leaves from <paramref name="index"/> · 2^<paramref name="level"/>, 2^<paramref name="level"/> of them, all of which must be there.</summary>
    TreeHash Read(int level, long index);
}

/// <summary>Roots over ranges of leaves, MTH(D[low:high]) of RFC 9162.</summary>
public static class Ranges
{
    /// <summary>The root of the tree of this size.</summary>
    public static TreeHash Root(ISubtrees nodes, long size) => size == 0 ? Sha256.EmptyRoot : Root(nodes, 0, size);

    /// <summary>The right edge of the tree of this size.</summary>
    public static CompactRange Edge(ISubtrees nodes, long size)
    {
        var range = new CompactRange();
        while (range.Size < size)
        {
            var level = BitOperations.Log2((ulong)(size - range.Size));
            range.AppendSubtree(level, nodes.Read(level, range.Size >> level));
        }

        return range;
    }

    /// <summary>A range as the RFC's splitting makes them: it begins at a multiple of the largest power of two within it.</summary>
    internal static TreeHash Root(ISubtrees nodes, long low, long high)
    {
        var size = high - low;
        if (BitOperations.IsPow2(size))
        {
            var level = BitOperations.Log2((ulong)size);
            return nodes.Read(level, low >> level);
        }

        var middle = low + Split(size);
        return Sha256.Node(Root(nodes, low, middle), Root(nodes, middle, high));
    }

    /// <summary>The largest power of two smaller than <paramref name="size"/>, which is above 1.</summary>
    internal static long Split(long size) => 1L << BitOperations.Log2((ulong)size - 1);
}
