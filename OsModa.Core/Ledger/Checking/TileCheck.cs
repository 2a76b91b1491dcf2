using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Works out the tiles above the entries and holds those that were kept against them.</summary>
internal sealed class TileCheck(ILogSource log)
{
    private const int TileBytes = TileId.FullWidth * TreeHash.Bytes;
    private readonly List<List<byte>> _upper = [];

    /// <summary>The right edge of the full bundles so far.</summary>
    public CompactRange Full { get; } = new();

    /// <summary>What the log has for the root over a bundle that is not at hand; null when it has none.</summary>
    public TreeHash? Kept(long n)
    {
        var width = (int)Math.Min(TileId.FullWidth, (log.Size / TileId.FullWidth) - (n / TileId.FullWidth * TileId.FullWidth));
        var tile = log.Tile(new TileId(1, n / TileId.FullWidth, width));
        return tile.Length == width * TreeHash.Bytes ? TreeHash.From(tile.Slice((int)(n % TileId.FullWidth) * TreeHash.Bytes, TreeHash.Bytes)) : null;
    }

    /// <summary>Bundle <paramref name="n"/> is full, and this is the root over it.</summary>
    public Finding? Append(long n, TreeHash root)
    {
        Full.AppendSubtree(8, root);
        for (var (level, index) = (1, n); ; level++, index /= TileId.FullWidth)
        {
            if (_upper.Count < level)
            {
                _upper.Add([]);
            }

            var tile = _upper[level - 1];
            tile.AddRange(root.AsSpan());
            if (tile.Count < TileBytes)
            {
                return null;
            }

            var whole = tile.ToArray();
            tile.Clear();
            if (!log.Tile(new TileId(level, index / TileId.FullWidth, TileId.FullWidth)).SequenceEqual(whole))
            {
                return Wrong(level, index / TileId.FullWidth);
            }

            root = TreeFold.Root(whole);
        }
    }

    /// <summary>At the end: the tiles that are not full.</summary>
    public Finding? Partial()
    {
        for (var level = 1; level <= _upper.Count; level++)
        {
            var index = log.Size >> (8 * (level + 1));
            if (_upper[level - 1] is { Count: > 0 } tile && !log.Tile(new TileId(level, index, tile.Count / TreeHash.Bytes)).SequenceEqual(tile.ToArray()))
            {
                return Wrong(level, index);
            }
        }

        return null;
    }

    private static Finding Wrong(int level, long index) =>
        new(CheckResult.ContentMismatch, $"Does not verify: the hashes of {new TileId(level, index, TileId.FullWidth).Path} are not those of the entries.", index << (8 * (level + 1)));
}
