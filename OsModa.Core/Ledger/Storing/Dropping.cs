using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// Drops entries that are older than they are to be kept, within the writer's transaction, with the record that says so. Hashes and signed heads stay: what is left can be checked as before, and what was
/// taken away by somebody as a file as well. Of servers' events stays that they were copied, so that they are not copied again.
/// </summary>
internal static class Dropping
{
    /// <summary>Nobody waits for longer than that many bundles take; what is left over comes in the next turn.</summary>
    private const long MostBundles = 512;

    /// <returns>The first entry that is still there; null when nothing is that old.</returns>
    public static long? Run(LedgerGroup group, Guid tenant, DateTimeOffset olderThan, ActionBody who, DateTimeOffset now)
    {
        var (state, connection) = (group.Change(tenant), group.Connection);
        state.Save(connection);
        var (log, first) = (state.Name.Id, connection.Ask<long>("SELECT first FROM log WHERE id = ?1", state.Name.Id));
        var signed = connection.Ask<long>("SELECT coalesce(max(size), 0) FROM checkpoint WHERE log = ?1", log);
        var young = connection.Ask<object>("SELECT seq FROM entry WHERE log = ?1 AND seq >= ?2 AND received >= ?3 ORDER BY seq LIMIT 1", log, first, olderThan.ToUnixTimeMilliseconds()) as long? ?? signed;
        var before = Math.Min(Math.Min(young, signed) / TileId.FullWidth, (first / TileId.FullWidth) + MostBundles) * TileId.FullWidth;
        if (before <= first)
        {
            return null;
        }

        group.Append(tenant, (_, _) => NewRecord.Of(RecordKind.Redaction, Removal.Of(who, before), tenant, now));
        Retell(group, state, before);
        connection.Run("PRAGMA secure_delete = ON");
        connection.Run("UPDATE log SET first = ?2 WHERE id = ?1", log, before);
        foreach (var text in OnlyBefore(connection, log, first, before))
        {
            connection.Run("DELETE FROM side WHERE log = ?1 AND sha256 = ?2", log, text.ToArray());
        }

        var beginning = state.Name.Epoch > 1 ? Beginning(connection, log) : [];
        connection.Run("DELETE FROM bundle WHERE log = ?1 AND n < ?2", log, before / TileId.FullWidth);
        if (beginning.Length > 0)
        {
            connection.Run("INSERT INTO bundle(log, n, width, data) VALUES(?1, 0, 1, ?2)", log, beginning);
        }

        connection.Run("DELETE FROM entry WHERE log = ?1 AND seq < ?2 AND src_id IS NULL", log, before);
        connection.Run($"UPDATE entry SET actor = '', type = {Redaction.KeptType} WHERE log = ?1 AND seq < ?2 AND (actor <> '' OR type <> {Redaction.KeptType})", log, before);
        connection.Run("DELETE FROM redacted WHERE log = ?1 AND seq < ?2", log, before);
        connection.Run("PRAGMA secure_delete = OFF");
        return before;
    }

    // The first entry of a later epoch says how the one before it ended, which is asked for as long as that one is there. It stays, alone.
    private static byte[] Beginning(SqliteConnection connection, long log)
    {
        var kept = new List<byte>();
        if (EntryBundle.TryFind(connection.Ask<byte[]>("SELECT data FROM bundle WHERE log = ?1 AND n = 0", log), 0, out var entry))
        {
            EntryBundle.Append(kept, entry);
        }

        return [.. kept];
    }

    // A log that has ended is kept whole, and so has to be what says that a text of it is gone: word for word, with the time of then.
    private static void Retell(LedgerGroup group, LogState state, long before)
    {
        var (connection, log) = (group.Connection, state.Name);
        foreach (var (ended, seq, at) in connection.List(
            static row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), "SELECT log, seq, at FROM redacted WHERE by_log = ?1 AND at < ?2 ORDER BY at", log.Id, before))
        {
            if (LedgerRecord.TryParse(Redaction.Entry(connection, log, at), out var record) && ActionBody.Parse(record.Body.ToArray()) is { } told)
            {
                var when = record.ReceivedAt;
                connection.Run("UPDATE redacted SET at = ?3 WHERE log = ?1 AND seq = ?2", ended, seq, group.Append(log.Tenant, (_, _) => NewRecord.Of(RecordKind.Redaction, told, log.Tenant, when)));
            }
        }
    }

    private static HashSet<TreeHash> OnlyBefore(SqliteConnection connection, long log, long first, long before)
    {
        using var bundles = new BlobQuery(connection, "SELECT data FROM bundle WHERE log = ?1 AND n = ?2");
        return BesideTexts.OnlyIn(n => bundles.Read(log, n), first / TileId.FullWidth, before / TileId.FullWidth);
    }
}
