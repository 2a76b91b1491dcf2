using System.Globalization;
using System.Text;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>What our own ledger has of a server's chain in one epoch: what a reading is held against.</summary>
internal sealed class ChainCopy(LedgerStore store, Guid tenant, Guid source, uint epoch)
{
    /// <summary>The newest event and how many there are.</summary>
    public (long Id, long Count) End()
    {
        using var connection = store.OpenForReading();
        return connection.List(static row => (row.GetInt64(0), row.GetInt64(1)), "SELECT last_id, count FROM chain WHERE source = ?1 AND epoch = ?2", source.Bytes(), (long)epoch).FirstOrDefault();
    }

    /// <summary>The newest event; of one whose text is kept no longer, id and hash.</summary>
    public ChainRow? Head()
    {
        using var connection = store.OpenForReading();
        return connection.List(static row => (Id: row.GetInt64(0), Hash: TreeHash.From(row.Blob(1))), "SELECT last_id, last_hash FROM chain WHERE source = ?1 AND epoch = ?2", source.Bytes(), (long)epoch) is [{ Id: > 0 } last]
            ? Rows(last.Id, last.Id).FirstOrDefault() ?? ChainRow.OfHash(last.Id, last.Hash)
            : null;
    }

    /// <summary>Events with these ids, in their order.</summary>
    public List<ChainRow> Rows(long from, long to)
    {
        var rows = new SortedDictionary<long, ChainRow>();
        foreach (var log in store.Logs().Where(log => log.Tenant == tenant))
        {
            using var reader = store.Open(log);
            foreach (var (seq, id, type, actor) in reader.Connection.List(
                static row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3)),
                "SELECT seq, src_id, type, actor FROM entry WHERE log = ?1 AND source = ?2 AND epoch = ?3 AND src_id BETWEEN ?4 AND ?5 ORDER BY src_id", log.Id, source.Bytes(), (long)epoch, from, to))
            {
                if (reader.Entry(seq) is not { } bytes || !LedgerRecord.TryParse(bytes, out var record))
                {
                    continue;
                }

                if (record.IsRedacted)
                {
                    rows[id] = ChainRow.OfHash(id, record.ChainHash);
                }
                else if (!record.IsEvent)
                {
                    if (LeftOutEvent.Of(ActionBody.Parse(record.Body.ToArray())) is { } leftOut)
                    {
                        rows[id] = ChainRow.Of(leftOut);
                    }
                }
                else if ((record.IsBeside ? reader.Beside(record.Body[..TreeHash.Bytes]) : record.Body.ToArray()) is { } body)
                {
                    rows[id] = new ChainRow(Parse(body, record.Kind, id, type, actor), record.ChainHash);
                }
            }
        }

        return [.. rows.Values];
    }

    /// <summary>Type and actor are known, so that what was hashed can be taken apart in either format; where it cannot, the time is empty.</summary>
    internal static UpstreamEvent Parse(byte[] body, RecordKind kind, long id, string type, string actor)
    {
        var between = kind == RecordKind.PipedEvent ? "|" : "";
        var text = Encoding.UTF8.GetString(body);
        var digits = 2 * TreeHash.Bytes;
        var previous = UpstreamEvent.TryPreviousHash(body, out var hash) ? hash : TreeHash.Zero;
        var front = id.ToString(CultureInfo.InvariantCulture) + between;
        var middle = between + type + between + actor + between;
        var at = text.IndexOf(middle, Math.Min(front.Length, text.Length), StringComparison.Ordinal);
        return at < 0 || text.Length - digits - between.Length < at + middle.Length
            ? new UpstreamEvent(id, "", type, actor, text, previous)
            : new UpstreamEvent(id, text[front.Length..at], type, actor, text[(at + middle.Length)..^(digits + between.Length)], previous);
    }
}
