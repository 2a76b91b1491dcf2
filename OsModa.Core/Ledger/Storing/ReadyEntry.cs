using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Hashing.Lanes;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Storing;

/// <summary>A record on its way into a log, with all that can be worked out before its number is known: whoever hands it over does that, so that the one writer has less to do.</summary>
internal sealed record ReadyEntry
{
    [ThreadStatic]
    private static HashBatch? _batch;

    public required NewRecord Record { get; init; }

    /// <summary>As it stands in the log: <see cref="LedgerRecord"/>.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Its hash in the tree.</summary>
    public required TreeHash Leaf { get; init; }

    /// <summary>SHA-256 of the body.</summary>
    public required TreeHash BodyHash { get; init; }

    public required bool IsBeside { get; init; }

    /// <summary>A server's event, or the notice in the place of one.</summary>
    public required bool IsInChain { get; init; }

    /// <summary>What is the matter with the event by itself, and what it says that it follows; null for what is none.</summary>
    public required EventCheck? Event { get; init; }

    public static ReadyEntry Of(NewRecord record) => Of([record])[0];

    public static ReadyEntry[] Of(IReadOnlyList<NewRecord> records)
    {
        var batch = _batch ??= new HashBatch();
        batch.Clear();
        var entries = new byte[records.Count][];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = records[i].ToBytes();
            batch.AddLeaf(entries[i]);
            batch.AddPlain(records[i].Body);
        }

        var hashes = batch.Run();
        var ready = new ReadyEntry[entries.Length];
        for (var i = 0; i < ready.Length; i++)
        {
            ready[i] = Of(records[i], entries[i], hashes[2 * i], hashes[(2 * i) + 1]);
        }

        return ready;
    }

    /// <param name="previous">What the event before it in its chain hashed to; null when that is not known.</param>
    public EventFlags Flags(TreeHash? previous) => Event?.After(previous) ?? EventFlags.None;

    private static ReadyEntry Of(NewRecord record, byte[] bytes, TreeHash leaf, TreeHash bodyHash)
    {
        var isRead = LedgerRecord.TryParse(bytes, out var parsed);
        return new ReadyEntry
        {
            Record = record,
            Bytes = bytes,
            Leaf = leaf,
            BodyHash = bodyHash,
            IsBeside = isRead && parsed.IsBeside,
            IsInChain = isRead && (parsed.IsEvent || parsed.IsLeftOut),
            Event = isRead && parsed.IsEvent ? EventCheck.Of(parsed, record.Body, bodyHash) : null,
        };
    }
}
