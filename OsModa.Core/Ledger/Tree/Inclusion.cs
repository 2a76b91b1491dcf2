using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Tree;

/// <summary>Proofs that a leaf is in a tree, as RFC 9162, section 2.1.3, makes and checks them.</summary>
public static class Inclusion
{
    /// <summary>Section 2.1.3.2, step by step. False for a proof that is too long or too short, and for an index that the tree does not have.</summary>
    public static bool Verify(long index, long size, TreeHash leaf, ReadOnlySpan<TreeHash> proof, TreeHash root)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (fn, sn, r) = (index, size - 1, leaf);
        foreach (var p in proof)
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                r = Sha256.Node(p, r);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                r = Sha256.Node(r, p);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && r == root;
    }

    /// <summary>Section 2.1.3.1, without its recursion: the sibling ranges from the root down, then turned over.</summary>
    /// <param name="nodes">Where perfect subtrees are read.</param>
    /// <param name="index">Of the leaf.</param>
    /// <param name="size">Of the tree.</param>
    public static TreeHash[] Prove(ISubtrees nodes, long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<TreeHash>();
        var (low, high) = (0L, size);
        while (high - low > 1)
        {
            var middle = low + Ranges.Split(high - low);
            if (index < middle)
            {
                path.Add(Ranges.Root(nodes, middle, high));
                high = middle;
            }
            else
            {
                path.Add(Ranges.Root(nodes, low, middle));
                low = middle;
            }
        }

        path.Reverse();
        return [.. path];
    }
}
