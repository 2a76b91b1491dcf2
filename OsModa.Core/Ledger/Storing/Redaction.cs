using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// Takes the text of an entry out of a log, within the writer's transaction, with the record that says so. What is left of the entry is its header and its hash in the tree, so that heads, proofs and the
/// links of a server's chain hold as before. Of a log that has ended, the newest log of the organisation has that record.
/// </summary>
internal static class Redaction
{
    /// <summary>What the index keeps of a type, in SQL: our own verbs. That of a server's event is the server's text as the rest of it is.</summary>
    public static readonly string KeptType = $"iif(kind IN ({(int)RecordKind.ConcatenatedEvent}, {(int)RecordKind.PipedEvent}), '', type)";

    /// <returns>Why not; null when it is done.</returns>
    public static string? Run(LedgerGroup group, LogName log, long seq, ActionBody who, DateTimeOffset now)
    {
        var (newest, connection) = (group.Change(log.Tenant), group.Connection);
        newest.Save(connection);
        if (Of(group, newest, log, out var damaged) is not { } state)
        {
            return damaged;
        }

        var entry = Entry(connection, state.Name, seq);
        if (!LedgerRecord.TryParse(entry, out var record))
        {
            return $"There is no entry {seq}.";
        }

        if (Refused(record) is { } refused)
        {
            return refused;
        }

        foreach (var one in record.IsBeside ? SameText(connection, state, record.Body.ToArray()) : [seq])
        {
            TakeOut(group, state, newest, one, who, now);
        }

        if (record.IsBeside)
        {
            connection.Run("DELETE FROM side WHERE log = ?1 AND sha256 = ?2", state.Name.Id, record.Body[..Hashing.TreeHash.Bytes].ToArray());
        }

        return null;
    }

    private static string? Refused(LedgerRecord record) =>
        record.IsRedacted ? "Its text was taken out before."
        : RedactEntry.MayBe(record.Kind) ? null
        : "It says something of the ledger itself, without which the rest could not be checked.";

    private static void TakeOut(LedgerGroup group, LogState state, LogState newest, long seq, ActionBody who, DateTimeOffset now)
    {
        var (connection, tenant, entry, hasEnded) = (group.Connection, state.Name.Tenant, Entry(group.Connection, state.Name, seq), state != newest);
        var at = group.Append(tenant, (_, _) => NewRecord.Of(RecordKind.Redaction, hasEnded ? Removal.Of(who, state.Name.Origin, seq, entry) : Removal.Of(who, seq, entry), tenant, now));
        newest.Save(connection);
        connection.Run("INSERT INTO redacted(log, seq, at, by_log) VALUES(?1, ?2, ?3, ?4)", state.Name.Id, seq, at, hasEnded ? newest.Name.Id : null);
        connection.Run($"UPDATE entry SET actor = '', type = {KeptType}, flags = flags | ?3 WHERE log = ?1 AND seq = ?2", state.Name.Id, seq, (long)EventFlags.Redacted);
        state.Replace(connection, seq, LedgerRecord.Redact(entry));
        if (hasEnded)
        {
            state.Save(connection);     // the group saves what it appends to
        }
    }

    // Nothing was changed by then, so one that is damaged is no trouble of others in the group.
    private static LogState? Of(LedgerGroup group, LogState newest, LogName log, out string? damaged)
    {
        try
        {
            damaged = null;
            return newest.Name.Id == log.Id ? newest : group.Ended(log);
        }
        catch (LedgerDamagedException e)
        {
            damaged = $"Nothing was taken out. {e.Message}";
            return null;
        }
    }

    // A text beside the log is kept once, for all entries that have it.
    private static List<long> SameText(SqliteConnection connection, LogState state, byte[] body)
    {
        var found = new List<long>();
        foreach (var (n, data) in connection.List(static row => (row.GetInt64(0), row.Blob(1)), "SELECT n, data FROM bundle WHERE log = ?1 AND instr(data, ?2) > 0", state.Name.Id, body))
        {
            ReadOnlySpan<byte> rest = data;
            for (var seq = n * TileId.FullWidth; EntryBundle.TryTake(ref rest, out var entry); seq++)
            {
                if (LedgerRecord.TryParse(entry, out var record) && record.IsBeside && record.Body.SequenceEqual(body))
                {
                    found.Add(seq);
                }
            }
        }

        return found;
    }

    /// <summary>As it is on the disk; empty when there is none.</summary>
    internal static byte[] Entry(SqliteConnection connection, LogName log, long seq) =>
        seq >= 0 && connection.Ask<byte[]>("SELECT data FROM bundle WHERE log = ?1 AND n = ?2", log.Id, seq / TileId.FullWidth) is { } bundle
        && EntryBundle.TryFind(bundle, (int)(seq % TileId.FullWidth), out var entry)
            ? entry.ToArray()
            : [];
}
