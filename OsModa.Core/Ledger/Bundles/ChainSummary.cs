using System.Globalization;
using System.Text.Json;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
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
        var standings = log.Connection.List(
            static row => (Source: new Guid(row.Blob(0), bigEndian: true), Epoch: row.GetInt64(1), Status: row.GetString(2)), "SELECT source, epoch, status FROM standing").ToDictionary(static standing => standing.Source);
        var ended = chains.Exists(chain => standings.TryGetValue(new Guid(chain.Source, bigEndian: true), out var now) && now.Epoch != chain.Epoch) ? Told(log) : new();
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (var chain in chains)
            {
                var server = new Guid(chain.Source, bigEndian: true);
                json.WriteStartObject();
                json.WriteString("server", server);
                json.WriteNumber("epoch", chain.Epoch);
                json.WriteNumber("events", chain.Count);
                End("first", chain.FirstId, chain.First);
                End("last", chain.LastId, chain.Last);
                json.WriteString("status", standings.TryGetValue(server, out var standing) && standing.Epoch == chain.Epoch ? standing.Status : ended.GetValueOrDefault((server, chain.Epoch), nameof(ChainStatus.Unknown)));
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

    // Of a chain that was copied anew, what was last said of it before that.
    private static Dictionary<(Guid Server, long Epoch), string> Told(LogReader log)
    {
        var told = new Dictionary<(Guid Server, long Epoch), string>();
        foreach (var seq in log.Connection.List(static row => row.GetInt64(0), "SELECT seq FROM entry WHERE log = ?1 AND type = ?2 AND src_id IS NULL ORDER BY seq", log.Log.Id, HostVerbs.ChainStatus))
        {
            if (LedgerRecord.TryParse(log.Entry(seq), out var record) && record is { Kind: RecordKind.Notice, IsBeside: false, IsRedacted: false } && ActionBody.Parse(record.Body.ToArray()) is { } body
                && long.TryParse(body.Details.GetValueOrDefault("epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
            {
                told[(record.Source, epoch)] = body.Details.GetValueOrDefault("status", "");
            }
        }

        return told;
    }
}
