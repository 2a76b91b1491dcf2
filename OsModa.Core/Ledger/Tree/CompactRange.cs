using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Tree;

/// <summary>
/// The right edge of a tree: the roots of the perfect subtrees that its leaves fall into, largest first, one for each bit that is set in the size. It is all
/// that is needed to append, and to know the root.
/// </summary>
public sealed class CompactRange
{
    private readonly TreeHash[] _roots = new TreeHash[63];
    private int _count;

    /// <summary>How many leaves.</summary>
    public long Size { get; private set; }

    /// <summary>At most 63 hashes, one after the other.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_count * TreeHash.Bytes];
        for (var i = 0; i < _count; i++)
        {
            _roots[i].CopyTo(bytes.AsSpan(i * TreeHash.Bytes));
        }

        return bytes;
    }

    /// <summary>From what <see cref="ToBytes"/> gave for this size.</summary>
    public static bool TryParse(long size, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out CompactRange? range)
    {
        range = null;
        var count = size < 0 ? -1 : BitOperations.PopCount((ulong)size);
        if (bytes.Length != count * TreeHash.Bytes)
        {
            return false;
        }

        range = new CompactRange { Size = size };
        while (range._count < count)
        {
            range._roots[range._count] = TreeHash.From(bytes.Slice(range._count * TreeHash.Bytes, TreeHash.Bytes));
            range._count++;
        }

        return true;
    }

    /// <summary>One leaf more.</summary>
    /// <returns>The highest level at which a perfect subtree was completed by it; 0 for none but the leaf itself.</returns>
    public int Append(TreeHash leaf)
    {
        var merges = BitOperations.TrailingZeroCount(~Size);
        var root = leaf;
        for (var i = 0; i < merges; i++)
        {
            root = Sha256.Node(_roots[--_count], root);
        }

        _roots[_count++] = root;
        Size++;
        return merges;
    }

    /// <summary>Takes in a whole perfect subtree of 2^<paramref name="level"/> leaves; the size must be a multiple of that.</summary>
    public void AppendSubtree(int level, TreeHash root)
    {
        if (level is < 0 or > 62 || (Size & ((1L << level) - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(level), $"A subtree of 2^{level} leaves does not begin at leaf {Size}.");
        }

        for (var bit = level; (Size >> bit & 1) == 1; bit++)
        {
            root = Sha256.Node(_roots[--_count], root);
        }

        _roots[_count++] = root;
        Size += 1L << level;
    }

    /// <summary>The tree's root (RFC 9162, section 2.1.1).</summary>
    public TreeHash Root()
    {
        if (_count == 0)
        {
            return Sha256.EmptyRoot;
        }

        var root = _roots[_count - 1];
        for (var i = _count - 2; i >= 0; i--)
        {
            root = Sha256.Node(_roots[i], root);
        }

        return root;
    }

    public CompactRange Copy()
    {
        var copy = new CompactRange { Size = Size, _count = _count };
        _roots.AsSpan(0, _count).CopyTo(copy._roots);
        return copy;
    }
}
