using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// Puts bundles and tiles into their tables. A full bundle has some 80 kB: SQLite's own statements take it from where it lies, without an array of its own, which for the collector
/// would be a large object each time.
/// </summary>
internal sealed class TreeRows : IDisposable
{
    private const string BundleText =
        "INSERT INTO bundle(log, n, width, data) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET width = excluded.width, data = excluded.data";
    private const string TileText =
        "INSERT INTO tile(log, level, n, width, data) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET width = excluded.width, data = excluded.data";

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _bundle;
    private readonly sqlite3_stmt _tile;

    public TreeRows(SqliteConnection connection)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, BundleText, out _bundle), _database);
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, TileText, out _tile), _database);
    }

    /// <param name="log">Id of the log.</param>
    /// <param name="n">Which bundle.</param>
    /// <param name="width">Entries in it.</param>
    /// <param name="data">Its bytes.</param>
    /// <exception cref="LedgerDamagedException">It is there and full already.</exception>
    public void PutBundle(long log, long n, long width, ReadOnlySpan<byte> data)
    {
        raw.sqlite3_bind_int64(_bundle, 1, log);
        raw.sqlite3_bind_int64(_bundle, 2, n);
        raw.sqlite3_bind_int64(_bundle, 3, width);
        raw.sqlite3_bind_blob(_bundle, 4, data);
        Run(_bundle);
    }

    /// <param name="log">Id of the log.</param>
    /// <param name="level">Of the tile; 0 holds the hashes of entries.</param>
    /// <param name="n">Which tile of its level.</param>
    /// <param name="width">Hashes in it.</param>
    /// <param name="data">Its hashes.</param>
    /// <exception cref="LedgerDamagedException">It is there and full already.</exception>
    public void PutTile(long log, int level, long n, long width, ReadOnlySpan<byte> data)
    {
        raw.sqlite3_bind_int64(_tile, 1, log);
        raw.sqlite3_bind_int64(_tile, 2, level);
        raw.sqlite3_bind_int64(_tile, 3, n);
        raw.sqlite3_bind_int64(_tile, 4, width);
        raw.sqlite3_bind_blob(_tile, 5, data);
        Run(_tile);
    }

    public void Dispose()
    {
        _bundle.Dispose();
        _tile.Dispose();
    }

    private void Run(sqlite3_stmt statement)
    {
        if (!_database.TryRun(statement))
        {
            throw new LedgerDamagedException("The ledger was written by somebody else. Nothing was added to it.");
        }

        raw.sqlite3_clear_bindings(statement);    // gives the blob's memory back
    }
}
