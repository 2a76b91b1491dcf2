using System.Runtime.InteropServices;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Hashing.Lanes;

namespace OsModa.Core.Ledger.Tree;

/// <summary>The root over hashes that stand one after the other, as many as a power of two.</summary>
internal static class TreeFold
{
    // With fewer nodes in a level, one after the other is faster.
    private const int LeastTogether = 4;

    [ThreadStatic]
    private static HashBatch? _batch;

    public static TreeHash Root(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length == TreeHash.Bytes)
        {
            return TreeHash.From(hashes);
        }

        var nodes = hashes.Length / (2 * TreeHash.Bytes);
        return LaneSha256.IsSupported && nodes >= LeastTogether
            ? Root(Level(hashes))
            : Sha256.Node(Root(hashes[..(nodes * TreeHash.Bytes)]), Root(hashes[(nodes * TreeHash.Bytes)..]));
    }

    private static byte[] Level(ReadOnlySpan<byte> hashes)
    {
        var batch = _batch ??= new HashBatch();
        batch.Clear();
        for (; !hashes.IsEmpty; hashes = hashes[(2 * TreeHash.Bytes)..])
        {
            batch.AddNode(hashes[..(2 * TreeHash.Bytes)]);
        }

        return MemoryMarshal.AsBytes(batch.Run()).ToArray();
    }
}
