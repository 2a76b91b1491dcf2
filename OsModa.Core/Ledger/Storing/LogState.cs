using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>The growing end of one log, as its writer holds it: right edge, last bundle, last tile of each level. What was changed is written by <see cref="Save"/>.</summary>
internal sealed class LogState
{
    private readonly List<(long N, byte[] Data)> _fullBundles = [];
    private readonly List<(int Level, long N, byte[] Data)> _fullTiles = [];
    private readonly List<List<byte>> _tiles = [];
    private readonly List<byte> _bundle = [];
    private long _savedSize;

    public required LogName Name { get; init; }

    public CompactRange Edge { get; private init; } = new();

    public long Size => Edge.Size;

    public static LogState Load(SqliteConnection connection, LogName name)
    {
        var (size, frontier) = connection.List(static row => (row.GetInt64(0), row.Blob(1)), "SELECT size, frontier FROM log WHERE id = ?1", name.Id).Single();
        if (!CompactRange.TryParse(size, frontier, out var edge))
        {
            throw new LedgerDamagedException($"The ledger {name.Origin} is damaged: its right edge does not fit its {size} entries.");
        }

        var state = new LogState { Name = name, Edge = edge, _savedSize = size };
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
            _fullBundles.Add((seq / TileId.FullWidth, [.. _bundle]));
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

        foreach (var (n, data) in _fullBundles)
        {
            Bundle(connection, n, TileId.FullWidth, data);
        }

        if (Size % TileId.FullWidth is var width and > 0)
        {
            Bundle(connection, Size / TileId.FullWidth, width, [.. _bundle]);
        }

        foreach (var (level, n, data) in _fullTiles)
        {
            Tile(connection, level, n, data);
        }

        for (var level = 0; level < _tiles.Count; level++)
        {
            if (_tiles[level].Count > 0)
            {
                Tile(connection, level, (Size >> (8 * level)) / TileId.FullWidth, [.. _tiles[level]]);
            }
        }

        _fullBundles.Clear();
        _fullTiles.Clear();
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
            Bundle(connection, n, TileId.FullWidth, changed);
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
            var full = tile.ToArray();
            _fullTiles.Add((level, index / TileId.FullWidth, full));
            tile.Clear();
            AddToTile(level + 1, index / TileId.FullWidth, TreeFold.Root(full));
        }
    }

    private void Bundle(SqliteConnection connection, long n, long width, byte[] data) => connection.Run(
        "INSERT INTO bundle(log, n, width, data) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET width = excluded.width, data = excluded.data", Name.Id, n, width, data);

    private void Tile(SqliteConnection connection, int level, long n, byte[] data) => connection.Run(
        "INSERT INTO tile(log, level, n, width, data) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET width = excluded.width, data = excluded.data", Name.Id, level, n, data.Length / TreeHash.Bytes, data);

    private static LedgerDamagedException Missing(LogName name) => new($"The ledger {name.Origin} is damaged: its last bundle or tile is missing.");
}
