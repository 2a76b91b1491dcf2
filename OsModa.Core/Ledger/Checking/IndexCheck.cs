using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>
/// Holds the index that pages search by against the entries. It is no evidence: who changes it cannot change what an entry says, but can hide the entry from a search.
/// </summary>
internal static class IndexCheck
{
    private const string Rows = "SELECT seq, kind, source, epoch, received, src_id, type, actor FROM entry WHERE log = ?1 AND seq >= ?2 ORDER BY seq";

    /// <param name="reader">A log whose entries are right.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Finding? Run(LogReader reader, CancellationToken cancellationToken)
    {
        using var command = Sql.Command(reader.Connection, Rows, [reader.Log.Id, reader.First]);
        using var rows = command.ExecuteReader();
        for (var seq = reader.First; seq < reader.Size;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rest = reader.Bundle(seq / TileId.FullWidth);
            for (; EntryBundle.TryTake(ref rest, out var entry) && LedgerRecord.TryParse(entry, out var record); seq++)
            {
                if (!rows.Read() || rows.GetInt64(0) != seq || !IsOf(rows, record) || !Finds(rows, record, reader))
                {
                    return Wrong(seq);
                }
            }
        }

        return rows.Read() ? Wrong(reader.Size) : null;
    }

    private static bool IsOf(SqliteDataReader row, LedgerRecord record) =>
        row.GetInt64(1) == (long)record.Kind && new Guid(row.Blob(2), bigEndian: true) == record.Source && row.GetInt64(3) == record.Epoch && row.GetInt64(4) == record.ReceivedMs;

    // The words that it is found by, where the entry itself has them: not in a text that was taken out or can be read in more than one way.
    private static bool Finds(SqliteDataReader row, LedgerRecord record, LogReader reader)
    {
        if (record.IsRedacted || (record.IsBeside ? reader.Beside(record.Body[..TreeHash.Bytes]) : record.Body.ToArray()) is not { } body)
        {
            return true;
        }

        if (record.IsEvent)
        {
            return record.Kind != RecordKind.PipedEvent || !UpstreamEvent.TryParsePiped(body, out var read) || (!row.IsDBNull(5) && row.GetInt64(5) == read.Id && Begins(body, read.Ts, row));
        }

        return ActionBody.Parse(body) is not { } action || (row.IsDBNull(5) && row.GetString(6) == action.Verb && row.GetString(7) == action.Who);
    }

    // As the server gave them: an actor of its may have a | in it, so that the body alone reads otherwise.
    private static bool Begins(ReadOnlySpan<byte> body, string ts, SqliteDataReader row) =>
        body.StartsWith(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.GetInt64(5)}|{ts}|{row.GetString(6)}|{row.GetString(7)}|")));

    private static Finding Wrong(long seq) => new(
        CheckResult.ContentMismatch, $"The index for searching does not say of entry {seq} what the entry says: somebody changed it. The entries are as they were written, but a search may miss some. Restore the newest backup.", seq);
}
