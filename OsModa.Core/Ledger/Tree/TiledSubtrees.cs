using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Tree;

/// <summary>The perfect subtrees of a log that is kept as tiles; each tile is read once.</summary>
/// <param name="read">The hashes of a tile, at least as many as its width says, one after the other.</param>
/// <param name="size">Of the tree that the tiles are of.</param>
public sealed class TiledSubtrees(Func<TileId, ReadOnlyMemory<byte>> read, long size) : ISubtrees
{
    private const int LevelsATile = 8;
    private readonly Dictionary<TileId, ReadOnlyMemory<byte>> _read = [];

    public TreeHash Read(int level, long index)
    {
        var tileLevel = level / LevelsATile;
        var within = level % LevelsATile;
        var first = index << within;
        var hashesOfLevel = size >> (tileLevel * LevelsATile);
        var tile = first / TileId.FullWidth;
        var id = new TileId(tileLevel, tile, (int)Math.Min(TileId.FullWidth, hashesOfLevel - (tile * TileId.FullWidth)));
        if (!_read.TryGetValue(id, out var hashes))
        {
            _read[id] = hashes = read(id);
        }

        return TreeFold.Root(hashes.Span.Slice((int)(first % TileId.FullWidth) * TreeHash.Bytes, TreeHash.Bytes << within));
    }
}
