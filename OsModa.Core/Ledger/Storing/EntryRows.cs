using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Puts entries into the index for searching: the statement that runs once a record, so it is SQLite's own, prepared once.</summary>
internal sealed class EntryRows : IDisposable
{
    // Only an event that is there already is passed over: a number that is taken is none of ours.
    private const string Text =
        "INSERT INTO entry(log, seq, kind, source, epoch, src_id, received, type, actor, flags) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(log, source, epoch, src_id) WHERE src_id IS NOT NULL DO NOTHING";

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _insert;

    public EntryRows(SqliteConnection connection)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, Text, out _insert), _database);
    }

    /// <summary>False when that event of that server is there already.</summary>
    /// <exception cref="LedgerDamagedException">The index has another entry of that number.</exception>
    public bool TryInsert(long log, long seq, NewRecord record, EventFlags flags)
    {
        raw.sqlite3_bind_int64(_insert, 1, log);
        raw.sqlite3_bind_int64(_insert, 2, seq);
        raw.sqlite3_bind_int64(_insert, 3, (long)record.Kind);
        Span<byte> source = stackalloc byte[16];
        record.Source.TryWriteBytes(source, bigEndian: true, out _);
        raw.sqlite3_bind_blob(_insert, 4, source);
        raw.sqlite3_bind_int64(_insert, 5, record.Epoch);
        if (record.SourceId is { } id)
        {
            raw.sqlite3_bind_int64(_insert, 6, id);
        }
        else
        {
            raw.sqlite3_bind_null(_insert, 6);
        }

        raw.sqlite3_bind_int64(_insert, 7, record.ReceivedAt.ToUnixTimeMilliseconds());
        raw.sqlite3_bind_text(_insert, 8, record.Type);
        raw.sqlite3_bind_text(_insert, 9, record.Actor);
        raw.sqlite3_bind_int64(_insert, 10, (long)flags);
        if (!_database.TryRun(_insert))
        {
            throw new LedgerDamagedException($"The index for searching has an entry {seq} already, which the ledger does not have: somebody changed it. Nothing is written until the newest backup is restored.");
        }

        return raw.sqlite3_changes(_database) == 1;
    }

    public void Dispose() => _insert.Dispose();
}
