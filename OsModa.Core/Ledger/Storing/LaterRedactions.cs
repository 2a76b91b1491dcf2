using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>What the later epochs of an organisation's ledger say was taken out of one that has ended, read from their entries.</summary>
internal sealed class LaterRedactions(LogReader ended)
{
    private readonly ILookup<long, (string Origin, long At, ActionBody Body)> _told = Read(ended).ToLookup(static one => one.Seq, static one => (one.Origin, one.At, one.Body));

    /// <summary>Null when none of them says it of this entry, with what is left of it.</summary>
    public RedactedLater? Of(long seq, byte[] left) =>
        _told[seq].Where(one => Removal.Fits(one.Body, left)).Select(one => new RedactedLater(seq, one.Origin, one.At, IsAtHand: true)).FirstOrDefault();

    private static List<(long Seq, string Origin, long At, ActionBody Body)> Read(LogReader ended)
    {
        var (connection, log, found) = (ended.Connection, ended.Log, new List<(long, string, long, ActionBody)>());
        foreach (var (later, at) in connection.List(
            static row => (new LogName(row.GetInt64(0), row.GetString(1), Guid.Empty, (uint)row.GetInt64(2)), row.GetInt64(3)),
            "SELECT l.id, l.origin, l.epoch, e.seq FROM log l JOIN entry e ON e.log = l.id WHERE l.tenant = ?1 AND l.epoch > ?2 AND e.kind = ?3 ORDER BY l.epoch, e.seq",
            log.Tenant.ToString("D"), (long)log.Epoch, (long)RecordKind.Redaction))
        {
            var entry = Redaction.Entry(connection, later, at);
            if (LedgerRecord.TryParse(entry, out var record) && record is { Kind: RecordKind.Redaction, IsBeside: false } && IsInTree(ended, later, at, entry)
                && ActionBody.Parse(record.Body.ToArray()) is { } body && Removal.RedactedEntry(body, log.Origin) is { } seq)
            {
                found.Add((seq, later.Origin, at, body));
            }
        }

        return found;
    }

    // The rest of that log is checked when its turn comes.
    private static bool IsInTree(LogReader ended, LogName later, long at, byte[] entry) =>
        ended.Connection.Ask<byte[]>("SELECT data FROM tile WHERE log = ?1 AND level = 0 AND n = ?2", later.Id, at / TileId.FullWidth) is { } tile
        && (int)(at % TileId.FullWidth) * TreeHash.Bytes is var place && tile.Length > place && tile.AsSpan(place).StartsWith(LedgerRecord.Leaf(entry).AsSpan());
}
