using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>
/// Holds the index that pages search by against the entries. It is no evidence: who changes it cannot change what an entry says, but can hide the entry from a search, or what is the matter with it.
/// </summary>
internal static class IndexCheck
{
    private const string Rows = "SELECT seq, kind, source, epoch, received, src_id, type, actor, flags FROM entry WHERE log = ?1 AND seq >= ?2 ORDER BY seq";

    /// <param name="reader">A log whose entries are right.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Finding? Run(LogReader reader, CancellationToken cancellationToken)
    {
        using var command = Sql.Command(reader.Connection, Rows, [reader.Log.Id, reader.First]);
        using var rows = command.ExecuteReader();
        var chains = new IndexedChains();
        for (var seq = reader.First; seq < reader.Size;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> rest = reader.Bundle(seq / TileId.FullWidth).ToArray();    // a text beside the log is read in between
            for (; EntryBundle.TryTake(ref rest, out var entry) && LedgerRecord.TryParse(entry, out var record); seq++)
            {
                if (!rows.Read() || rows.GetInt64(0) != seq || !IndexRow.Of(rows).Says(record, reader, chains))
                {
                    return Wrong(seq);
                }
            }
        }

        return rows.Read() ? Wrong(reader.Size) : null;
    }

    private static Finding Wrong(long seq) => new(
        CheckResult.ContentMismatch, $"The index for searching does not say of entry {seq} what the entry says: somebody changed it. The entries are as they were written, but a search may miss some. Restore the newest backup.", seq);
}
