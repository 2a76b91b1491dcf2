using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Tree;

/// <summary>Proofs that a tree has only grown, as RFC 9162, section 2.1.4, makes and checks them.</summary>
public static class Consistency
{
    /// <summary>
    /// Section 2.1.4.2, step by step. Beside what it says: equal sizes need equal roots and no proof, and from the empty tree, of which every tree is a continuation,
    /// there is no proof either.
    /// </summary>
    public static bool Verify(long from, TreeHash fromRoot, long to, TreeHash toRoot, ReadOnlySpan<TreeHash> proof)
    {
        if (from < 0 || from > to)
        {
            return false;
        }

        if (from == 0 || from == to)
        {
            return proof.IsEmpty && (from == to ? fromRoot == toRoot && (from > 0 || fromRoot == Sha256.EmptyRoot) : fromRoot == Sha256.EmptyRoot);
        }

        var (fn, sn) = (from - 1, to - 1);
        while ((fn & 1) == 1)
        {
            fn >>= 1;
            sn >>= 1;
        }

        // A power of two is a node of the larger tree itself: the proof leaves it out.
        var next = 0;
        var first = fromRoot;
        if (fn != 0 || (from & (from - 1)) != 0)
        {
            if (proof.IsEmpty)
            {
                return false;
            }

            first = proof[next++];
        }

        var (fr, sr) = (first, first);
        for (; next < proof.Length; next++)
        {
            if (sn == 0)
            {
                return false;
            }

            var c = proof[next];
            if ((fn & 1) == 1 || fn == sn)
            {
                fr = Sha256.Node(c, fr);
                sr = Sha256.Node(c, sr);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                sr = Sha256.Node(sr, c);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && fr == fromRoot && sr == toRoot;
    }

    /// <summary>Section 2.1.4.1, without its recursion. Empty for equal sizes and from the empty tree.</summary>
    /// <param name="nodes">Where perfect subtrees are read.</param>
    /// <param name="from">The smaller size.</param>
    /// <param name="to">The larger size.</param>
    public static TreeHash[] Prove(ISubtrees nodes, long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        if (from == 0 || from == to)
        {
            return [];
        }

        var path = new List<TreeHash>();
        var (low, high) = (0L, to);
        while (from != high)
        {
            var middle = low + Ranges.Split(high - low);
            if (from <= middle)
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

        if (low != 0)
        {
            path.Add(Ranges.Root(nodes, low, high));
        }

        path.Reverse();
        return [.. path];
    }
}
