using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OsModa.Core.Ledger.Storing;

/// <summary>One blob by its key, as often as wanted, where SQLite itself has it: nothing is copied and nothing allocated.</summary>
internal sealed class BlobQuery : IDisposable
{
    private readonly sqlite3_stmt _statement;

    public BlobQuery(SqliteConnection connection, string text) => SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle!, text, out _statement), connection.Handle!);

    /// <returns>Valid until the next call; empty for no row.</returns>
    public ReadOnlySpan<byte> Read(params ReadOnlySpan<long> key)
    {
        raw.sqlite3_reset(_statement);
        for (var i = 0; i < key.Length; i++)
        {
            raw.sqlite3_bind_int64(_statement, i + 1, key[i]);
        }

        return raw.sqlite3_step(_statement) switch
        {
            raw.SQLITE_ROW => raw.sqlite3_column_blob(_statement, 0),
            raw.SQLITE_DONE => default,
            var error => throw LedgerUnavailableException.Reading(error),
        };
    }

    public void Dispose() => _statement.Dispose();
}
