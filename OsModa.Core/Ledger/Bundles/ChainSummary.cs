using System.Text.Json;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary><c>chains.json</c>: of each server's own chain, where its events in the range begin and end, and how it stood when this was made.</summary>
internal static class ChainSummary
{
    public static byte[] Write(LogReader log, long first, long size)
    {
        var chains = log.Connection.List(
            static row => (Source: row.Blob(0), Epoch: row.GetInt64(1), First: row.GetInt64(2), Last: row.GetInt64(3), FirstId: row.GetInt64(4), LastId: row.GetInt64(5), Count: row.GetInt64(6)),
            "SELECT source, epoch, min(seq), max(seq), min(src_id), max(src_id), count(*) FROM entry WHERE log = ?1 AND seq >= ?2 AND seq < ?3 AND src_id IS NOT NULL GROUP BY source, epoch ORDER BY source, epoch",
            log.Log.Id, first, size);
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (var chain in chains)
            {
                json.WriteStartObject();
                json.WriteString("server", new Guid(chain.Source, bigEndian: true));
                json.WriteNumber("epoch", chain.Epoch);
                json.WriteNumber("events", chain.Count);
                End("first", chain.FirstId, chain.First);
                End("last", chain.LastId, chain.Last);
                json.WriteString("status", log.Connection.Ask<string>("SELECT status FROM chain WHERE source = ?1 AND epoch = ?2", chain.Source, chain.Epoch) ?? "");
                json.WriteEndObject();
            }

            json.WriteEndArray();

            void End(string name, long id, long seq)
            {
                json.WriteStartObject(name);
                json.WriteNumber("id", id);
                json.WriteNumber("entry", seq);
                json.WriteString("hash", LedgerRecord.TryParse(log.Entry(seq), out var record) ? record.ChainHash.ToHex() : "");
                json.WriteEndObject();
            }
        }

        return text.ToArray();
    }
}
