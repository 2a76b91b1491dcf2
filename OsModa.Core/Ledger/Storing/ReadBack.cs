using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Hashing.Lanes;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Hashes anew, from what is on the disk, everything that came since a right edge that is known to be good.</summary>
internal static class ReadBack
{
    /// <summary>The right edge at the last signed head, or of nothing.</summary>
    /// <exception cref="LedgerDamagedException">The tiles do not give the root that was signed, or we did not sign it.</exception>
    public static CompactRange Begin(LogReader reader, SignedHead? newest, KeyChain keys)
    {
        if (newest is null)
        {
            return new CompactRange();
        }

        var edge = newest.Size <= reader.Size ? Ranges.Edge(reader.Subtrees(reader.Size), newest.Size) : new CompactRange();
        return newest.Note is { } note
            && note.Check(keys.For(newest.Size)) is { Length: > 0 }
            && Checkpoint.TryParse(note.Text, out var head)
            && (head.Origin, head.Size, head.Root) == (reader.Log.Origin, newest.Size, edge.Root())
            && head.Size == edge.Size
                ? edge
                : throw new LedgerDamagedException($"The ledger {reader.Log.Origin} does not give what was signed at {newest.Size} entries.");
    }

    /// <returns>The right edge at the end; its root is that of the writer.</returns>
    /// <exception cref="LedgerDamagedException">Something on the disk is not what was written.</exception>
    public static CompactRange Run(LogReader reader, CompactRange from)
    {
        var edge = from.Copy();
        var batch = new HashBatch();
        while (edge.Size < reader.Size)
        {
            var n = edge.Size / TileId.FullWidth;
            var width = (int)Math.Min(TileId.FullWidth, reader.Size - (n * TileId.FullWidth));
            var tile = reader.Tile(new TileId(0, n, width));
            var leaves = Leaves(batch, reader.Bundle(n), width);
            for (var i = 0; i < width; i++)
            {
                if (i >= leaves.Length || tile.Length < (i + 1) * TreeHash.Bytes || !leaves[i].AsSpan().SequenceEqual(tile.Slice(i * TreeHash.Bytes, TreeHash.Bytes)))
                {
                    throw new LedgerDamagedException($"The ledger {reader.Log.Origin} is damaged: entry {(n * TileId.FullWidth) + i} is not what was written.");
                }

                if ((n * TileId.FullWidth) + i == edge.Size)
                {
                    edge.Append(leaves[i]);
                }
            }
        }

        return edge.ToBytes().AsSpan().SequenceEqual(reader.Frontier)
            ? edge
            : throw new LedgerDamagedException($"The ledger {reader.Log.Origin} is damaged: what is on the disk does not give the root that was worked out when it was written.");
    }

    private static ReadOnlySpan<TreeHash> Leaves(HashBatch batch, ReadOnlySpan<byte> rest, int width)
    {
        batch.Clear();
        for (var i = 0; i < width && EntryBundle.TryTake(ref rest, out var entry); i++)
        {
            LedgerRecord.AddLeaf(batch, entry);
        }

        return batch.Run();
    }
}
