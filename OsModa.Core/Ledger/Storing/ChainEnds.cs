using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Storing;

/// <summary>The newest event that we have of each server's chain.</summary>
internal sealed class ChainEnds(SqliteConnection connection)
{
    private readonly Dictionary<(Guid Source, uint Epoch), (long Id, TreeHash Hash, long Count)?> _ends = [];
    private readonly HashSet<(Guid Source, uint Epoch)> _changed = [];

    /// <summary>What the next event has to follow; null when there is none yet, or the newest one was too long to be copied.</summary>
    public TreeHash? Last(Guid source, uint epoch) => End(source, epoch) is { } end && end.Hash != TreeHash.Zero ? end.Hash : null;

    public void Advance(Guid source, uint epoch, long id, TreeHash hash)
    {
        _ends[(source, epoch)] = (id, hash, (End(source, epoch)?.Count ?? 0) + 1);
        _changed.Add((source, epoch));
    }

    public void Save()
    {
        foreach (var key in _changed)
        {
            var (id, hash, count) = _ends[key]!.Value;
            connection.Run(
                "INSERT INTO chain(source, epoch, last_id, last_hash, count, status) VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET last_id = excluded.last_id, last_hash = excluded.last_hash, count = excluded.count",
                key.Source.Bytes(), key.Epoch, id, hash.ToArray(), count, nameof(ChainStatus.Unknown));
        }

        _changed.Clear();
    }

    private (long Id, TreeHash Hash, long Count)? End(Guid source, uint epoch)
    {
        if (!_ends.TryGetValue((source, epoch), out var end))
        {
            end = connection.List(
                static row => ((long, TreeHash, long)?)(row.GetInt64(0), TreeHash.From(row.Blob(1)), row.GetInt64(2)),
                "SELECT last_id, last_hash, count FROM chain WHERE source = ?1 AND epoch = ?2", source.Bytes(), epoch).FirstOrDefault();
            _ends[(source, epoch)] = end;
        }

        return end;
    }
}
