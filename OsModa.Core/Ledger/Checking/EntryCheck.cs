using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Reads entries bundle by bundle, hashes them anew and holds them against the hashes that were kept.</summary>
internal sealed class EntryCheck(ILogSource log)
{
    private readonly byte[] _leaves = new byte[TileId.FullWidth * TreeHash.Bytes];
    private int _width;

    /// <summary>How many were read.</summary>
    public long Read { get; private set; }

    /// <summary>The servers' own chains within.</summary>
    public ChainCheck Chains { get; } = new();

    /// <summary>What the log says of itself: what was taken out, which key comes next.</summary>
    public SelfCheck Self { get; } = new(log);

    /// <summary>Hashes of the bundle that was read last.</summary>
    public ReadOnlySpan<byte> Leaves => _leaves.AsSpan(0, _width * TreeHash.Bytes);

    public Finding? Bundle(long n, int width)
    {
        _width = width;
        var rest = log.Bundle(n);
        for (var i = 0; i < width; i++)
        {
            var seq = (n * TileId.FullWidth) + i;
            if (!EntryBundle.TryTake(ref rest, out var entry) || !LedgerRecord.TryParse(entry, out var record))
            {
                return new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {seq}: there is no whole record.", seq);
            }

            LedgerRecord.Leaf(entry).CopyTo(_leaves.AsSpan(i * TreeHash.Bytes));
            if ((record.IsEvent || record.IsBeside) && Body(seq, record) is { } wrong)
            {
                return wrong;
            }

            Self.Add(seq, record);

            Read++;
        }

        return rest.IsEmpty ? Tile(n, width) : new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {(n * TileId.FullWidth) + width}: there is more in its bundle than there should be.", (n * TileId.FullWidth) + width);
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

    private Finding? Body(long seq, LedgerRecord record)
    {
        if (record.IsRedacted)
        {
            Chains.AddUnreadable(record);
            return null;
        }

        if (!record.IsBeside)
        {
            Chains.Add(seq, record, record.Body);
            return null;
        }

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
            Chains.Add(seq, record, body);
        }

        return null;
    }
}
