using System.Runtime.InteropServices;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Hashing.Lanes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Reads entries bundle by bundle, hashes them anew and holds them against the hashes that were kept.</summary>
internal sealed class EntryCheck(ILogSource log)
{
    private readonly HashBatch _leaves = new();
    private readonly HashBatch _bodies = new();

    /// <summary>How many were read.</summary>
    public long Read { get; private set; }

    /// <summary>The servers' own chains within.</summary>
    public ChainCheck Chains { get; } = new();

    /// <summary>What the log says of itself: what was taken out, which key comes next.</summary>
    public SelfCheck Self { get; } = new(log);

    /// <summary>Hashes of the bundle that was read last.</summary>
    public ReadOnlySpan<byte> Leaves => MemoryMarshal.AsBytes(_leaves.Run());

    public Finding? Bundle(long n, int width)
    {
        var rest = log.Bundle(n);
        Hash(rest, width);
        var bodies = _bodies.Run();
        var body = 0;
        for (var i = 0; i < width; i++)
        {
            var seq = (n * TileId.FullWidth) + i;
            if (!EntryBundle.TryTake(ref rest, out var entry) || !LedgerRecord.TryParse(entry, out var record))
            {
                return new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {seq}: there is no whole record.", seq);
            }

            if (record.IsBeside)
            {
                if (Beside(seq, record) is { } wrong)
                {
                    return wrong;
                }
            }
            else if (record.IsEvent && record.IsRedacted)
            {
                Chains.AddUnreadable(record);
            }
            else if (record.IsEvent)
            {
                Chains.Add(seq, record, record.Body, bodies[body++]);
            }

            Self.Add(seq, record);

            Read++;
        }

        return rest.IsEmpty ? Tile(n, width) : new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {(n * TileId.FullWidth) + width}: there is more in its bundle than there should be.", (n * TileId.FullWidth) + width);
    }

    // All hashes of a bundle at once, up to the first entry that is none.
    private void Hash(ReadOnlySpan<byte> rest, int width)
    {
        _leaves.Clear();
        _bodies.Clear();
        for (var i = 0; i < width && EntryBundle.TryTake(ref rest, out var entry) && LedgerRecord.TryParse(entry, out var record); i++)
        {
            LedgerRecord.AddLeaf(_leaves, entry);
            if (record is { IsEvent: true, IsBeside: false, IsRedacted: false })
            {
                _bodies.AddPlain(record.Body);
            }
        }
    }

    private Finding? Tile(long n, int width)
    {
        var tile = log.Tile(new TileId(0, n, Math.Max(1, width)));
        if (tile.SequenceEqual(Leaves))
        {
            return null;
        }

        var at = (n * TileId.FullWidth) + (tile.CommonPrefixLength(Leaves) / TreeHash.Bytes);
        return new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {at}: it is not what was written.", at);
    }

    private Finding? Beside(long seq, LedgerRecord record)
    {
        var body = log.Beside(record.Body[..TreeHash.Bytes]);
        if (body is null)
        {
            return new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {seq}: what was kept beside it is gone, and was not redacted.", seq);
        }

        if (!LedgerRecord.Beside(body).AsSpan().SequenceEqual(record.Body))
        {
            return new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {seq}: what is kept beside it is not what was written.", seq);
        }

        if (record.IsEvent)
        {
            Chains.Add(seq, record, body, Sha256.Plain(body));
        }

        return null;
    }
}
