using Microsoft.Data.Sqlite;

namespace OsModa.Core.Ledger.Storing;

/// <summary>A signed head, and what a time-stamping authority signed over it.</summary>
/// <param name="Size">Entries under the head.</param>
/// <param name="Authority">What it was called when it was asked.</param>
/// <param name="Note">The head as it was stamped: the log's own signature alone.</param>
/// <param name="Token">Of RFC 3161, in DER.</param>
/// <param name="At">When, by the authority's clock.</param>
/// <param name="Entry">The entry of the same log that says so.</param>
public sealed record KeptTimestamp(long Size, string Authority, string Note, byte[] Token, DateTimeOffset At, long Entry)
{
    private const string Columns = "SELECT size, authority, note, token, at, entry FROM anchor WHERE log = ?1";

    internal static KeptTimestamp? Newest(SqliteConnection connection, long log) =>
        IsThere(connection) && connection.List(Of, $"{Columns} ORDER BY size DESC LIMIT 1", log) is [var newest] ? newest : null;

    /// <summary>Smallest first. A database that nobody has opened since they came has none.</summary>
    internal static IReadOnlyList<KeptTimestamp> All(SqliteConnection connection, long log) => IsThere(connection) ? connection.List(Of, $"{Columns} ORDER BY size", log) : [];

    internal void Insert(SqliteConnection connection, long log) => connection.Run(
        "INSERT INTO anchor(log, size, authority, note, token, at, entry) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)", log, Size, Authority, Note, Token, At.ToUnixTimeMilliseconds(), Entry);

    private static bool IsThere(SqliteConnection connection) => connection.Ask<long>("SELECT EXISTS(SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'anchor')") == 1;

    private static KeptTimestamp Of(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.Blob(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), row.GetInt64(5));
}
