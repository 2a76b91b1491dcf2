using System.Globalization;
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
        return ChainLine.Write(chains.Select(chain =>
        {
            var server = new Guid(chain.Source, bigEndian: true);
            var status = standings.TryGetValue(server, out var standing) && standing.Epoch == chain.Epoch ? standing.Status : ended.GetValueOrDefault((server, chain.Epoch), nameof(ChainStatus.Unknown));
            return new ChainLine(server, chain.Epoch, chain.Count, Edge(chain.FirstId, chain.First), Edge(chain.LastId, chain.Last), status);
        }));

        ChainEdge Edge(long id, long seq) => new(id, seq, LedgerRecord.TryParse(log.Entry(seq), out var record) ? record.ChainHash.ToHex() : "");
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
