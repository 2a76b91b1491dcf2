using System.Runtime.InteropServices;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Hashing.Lanes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Reads entries bundle by bundle, hashes them anew and holds them against the hashes that were kept.</summary>
/// <param name="log">What to check.</param>
/// <param name="tree">The hashes of the entries, too; otherwise only the servers' own chains within.</param>
internal sealed class EntryCheck(ILogSource log, bool tree = true)
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
        _leaves.Clear();
        _bodies.Clear();
        var bundle = log.Bundle(n);
        var rest = bundle;
        var (seq, end) = (n * TileId.FullWidth, (n * TileId.FullWidth) + width);
        Finding? wrong = null;
        // While an entry is at hand all is asked of it that needs no hash; the hashes of a bundle are worked out together.
        for (; seq < end && wrong is null && EntryBundle.TryTake(ref rest, out var entry) && LedgerRecord.TryParse(entry, out var record); seq++, Read++)
        {
            if (tree)
            {
                LedgerRecord.AddLeaf(_leaves, entry);
            }

            if (record.IsWholeEvent)
            {
                _bodies.AddPart(bundle, bundle.Length - rest.Length - record.Body.Length, record.Body.Length);
                Chains.Add(seq, record, record.Body);
            }
            else
            {
                wrong = Other(seq, record);
            }
        }

        Chains.Settle(_bodies.Run(bundle));
        return wrong
            ?? (seq < end ? new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {seq}: there is no whole record.", seq)
            : rest.Length > 0 ? new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {seq}: there is more in its bundle than there should be.", seq)
            : tree ? Tile(n, width)
            : null);
    }

    private Finding? Other(long seq, LedgerRecord record)
    {
        if (record.IsBeside && Beside(seq, record) is { } wrong)
        {
            return wrong;
        }

        if (record is { IsEvent: true, IsRedacted: true })
        {
            Chains.AddUnreadable(record);
        }

        else if (record.IsLeftOut)
        {
            Chains.AddLeftOut(record);
        }

        Self.Add(seq, record);
        return null;
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
            _bodies.AddKnown(Sha256.Plain(body));
            Chains.Add(seq, record, body);
        }

        return null;
    }
}
