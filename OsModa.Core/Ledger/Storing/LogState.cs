using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// The growing end of one log, as its writer holds it: right edge, last bundle, last tile of each level. What has become full is written at once, the rest by <see cref="Save"/>, all in the
/// transaction of the writer.
/// </summary>
internal sealed class LogState
{
    private readonly List<List<byte>> _tiles = [];
    private readonly List<byte> _bundle = [];
    private long _savedSize;

    public required LogName Name { get; init; }

    public required TreeRows Rows { private get; init; }

    public CompactRange Edge { get; private init; } = new();

    public long Size => Edge.Size;

    public static LogState Load(SqliteConnection connection, TreeRows rows, LogName name)
    {
        var (size, frontier) = connection.List(static row => (row.GetInt64(0), row.Blob(1)), "SELECT size, frontier FROM log WHERE id = ?1", name.Id).Single();
        if (!CompactRange.TryParse(size, frontier, out var edge))
        {
            throw new LedgerDamagedException($"The ledger {name.Origin} is damaged: its right edge does not fit its {size} entries.");
        }

        var state = new LogState { Name = name, Rows = rows, Edge = edge, _savedSize = size };
        if (size % TileId.FullWidth != 0)
        {
            state._bundle.AddRange(connection.Ask<byte[]>("SELECT data FROM bundle WHERE log = ?1 AND n = ?2", name.Id, size / TileId.FullWidth) ?? throw Missing(name));
        }

        for (var (level, width) = (0, size); width > 0; level++, width /= TileId.FullWidth)
        {
            state._tiles.Add([]);
            if (width % TileId.FullWidth != 0)
            {
                state._tiles[level].AddRange(connection.Ask<byte[]>("SELECT data FROM tile WHERE log = ?1 AND level = ?2 AND n = ?3", name.Id, level, width / TileId.FullWidth) ?? throw Missing(name));
            }
        }

        state.DemandEdge(connection);
        return state;
    }

    /// <param name="record">The entry.</param>
    /// <param name="leaf">Its hash in the tree.</param>
    /// <returns>The entry's number.</returns>
    public long Append(ReadOnlySpan<byte> record, TreeHash leaf)
    {
        var seq = Size;
        EntryBundle.Append(_bundle, record);
        if ((seq + 1) % TileId.FullWidth == 0)
        {
            Rows.PutBundle(Name.Id, seq / TileId.FullWidth, TileId.FullWidth, CollectionsMarshal.AsSpan(_bundle));
            _bundle.Clear();
        }

        Edge.Append(leaf);
        AddToTile(0, seq, leaf);
        return seq;
    }

    /// <summary>Writes what was appended since the last time. Nobody else may have written in between.</summary>
    public void Save(SqliteConnection connection)
    {
        if (connection.Run("UPDATE log SET size = ?1, frontier = ?2 WHERE id = ?3 AND size = ?4", Size, Edge.ToBytes(), Name.Id, _savedSize) != 1)
        {
            throw new LedgerDamagedException($"The ledger {Name.Origin} was written by somebody else. Nothing was added to it.");
        }

        if (Size % TileId.FullWidth is var width and > 0)
        {
            Rows.PutBundle(Name.Id, Size / TileId.FullWidth, width, CollectionsMarshal.AsSpan(_bundle));
        }

        for (var level = 0; level < _tiles.Count; level++)
        {
            if (_tiles[level].Count > 0)
            {
                PutTile(level, (Size >> (8 * level)) / TileId.FullWidth);
            }
        }

        _savedSize = Size;
    }

    /// <summary>Puts another record in the place of one, after everything was saved. Its hash in the tree has to be the same.</summary>
    public void Replace(SqliteConnection connection, long seq, ReadOnlySpan<byte> record)
    {
        var (n, place) = (seq / TileId.FullWidth, (int)(seq % TileId.FullWidth));
        var isFull = n < Size / TileId.FullWidth;
        var bundle = isFull ? connection.Ask<byte[]>("SELECT data FROM bundle WHERE log = ?1 AND n = ?2", Name.Id, n) ?? throw Missing(Name) : [.. _bundle];
        var changed = EntryBundle.Replace(bundle, place, record) ?? throw Missing(Name);
        if (isFull)
        {
            Rows.PutBundle(Name.Id, n, TileId.FullWidth, changed);
        }
        else
        {
            _bundle.Clear();
            _bundle.AddRange(changed);
        }
    }

    // What the next entries are put on has to be what the entries before them give: otherwise the mistake would be found only when the head is signed.
    private void DemandEdge(SqliteConnection connection)
    {
        var nodes = new TiledSubtrees(
            id => connection.Ask<byte[]>("SELECT data FROM tile WHERE log = ?1 AND level = ?2 AND n = ?3", Name.Id, id.Level, id.Index) is { } tile && tile.Length >= id.Width * TreeHash.Bytes ? tile : throw Missing(Name), Size);
        ReadOnlySpan<byte> rest = _bundle.ToArray();
        var leaves = new List<byte>();
        while (EntryBundle.TryTake(ref rest, out var entry))
        {
            leaves.AddRange(Records.LedgerRecord.Leaf(entry).AsSpan());
        }

        var last = Size % TileId.FullWidth == 0 ? [] : _tiles[0];
        if (!leaves.SequenceEqual(last) || !Ranges.Edge(nodes, Size).ToBytes().AsSpan().SequenceEqual(Edge.ToBytes()))
        {
            throw new LedgerDamagedException($"The ledger {Name.Origin} is damaged: its right edge is not that of its entries.");
        }
    }

    private void AddToTile(int level, long index, TreeHash hash)
    {
        if (_tiles.Count == level)
        {
            _tiles.Add([]);
        }

        var tile = _tiles[level];
        tile.AddRange(hash.AsSpan());
        if (tile.Count == TileId.FullWidth * TreeHash.Bytes)
        {
            PutTile(level, index / TileId.FullWidth);
            var root = TreeFold.Root(CollectionsMarshal.AsSpan(tile));
            tile.Clear();
            AddToTile(level + 1, index / TileId.FullWidth, root);
        }
    }

    private void PutTile(int level, long n) => Rows.PutTile(Name.Id, level, n, _tiles[level].Count / TreeHash.Bytes, CollectionsMarshal.AsSpan(_tiles[level]));

    private static LedgerDamagedException Missing(LogName name) => new($"The ledger {name.Origin} is damaged: its last bundle or tile is missing.");
}
