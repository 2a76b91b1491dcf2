using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Tests.Ledger.Tree;

/// <summary>The definitions of RFC 9162 written down as they stand there, recursion and all: what the product's algorithms are held against.</summary>
internal sealed class PlainTree : ISubtrees
{
    private readonly TreeHash[] _leaves;

    public PlainTree(int size, int salt = 0) => _leaves = [.. Enumerable.Range(0, size).Select(i => Sha256.Leaf(BitConverter.GetBytes(i + (salt << 20))))];

    public TreeHash this[long leaf] => _leaves[leaf];

    public TreeHash Root(long size) => Mth(0, size);

    public TreeHash Read(int level, long index) => Mth(index << level, (index + 1) << level);

    /// <summary>PATH(m, D[n]), section 2.1.3.1.</summary>
    public IEnumerable<TreeHash> Path(long m, long low, long high)
    {
        var n = high - low;
        if (n == 1)
        {
            return [];
        }

        var k = Split(n);
        return m < k
            ? Path(m, low, low + k).Append(Mth(low + k, high))
            : Path(m - k, low + k, high).Append(Mth(low, low + k));
    }

    /// <summary>SUBPROOF(m, D[n], b), section 2.1.4.1.</summary>
    public IEnumerable<TreeHash> Subproof(long m, long low, long high, bool whole)
    {
        var n = high - low;
        if (m == n)
        {
            return whole ? [] : [Mth(low, high)];
        }

        var k = Split(n);
        return m <= k
            ? Subproof(m, low, low + k, whole).Append(Mth(low + k, high))
            : Subproof(m - k, low + k, high, whole: false).Append(Mth(low, low + k));
    }

    private TreeHash Mth(long low, long high)
    {
        var n = high - low;
        if (n <= 1)
        {
            return n == 0 ? Sha256.EmptyRoot : _leaves[low];
        }

        var k = Split(n);
        return Sha256.Node(Mth(low, low + k), Mth(low + k, high));
    }

    private static long Split(long n)
    {
        var k = 1L;
        while (k * 2 < n)
        {
            k *= 2;
        }

        return k;
    }
}
