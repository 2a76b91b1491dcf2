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
    private readonly (int At, int Length)[] _entries = new (int, int)[TileId.FullWidth];

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
        var bundle = log.Bundle(n);
        var (whole, left) = Hash(bundle, width);
        var bodies = _bodies.Run(bundle);
        var body = 0;
        for (var i = 0; i < whole; i++)
        {
            var seq = (n * TileId.FullWidth) + i;
            var record = LedgerRecord.Again(bundle.Slice(_entries[i].At, _entries[i].Length));
            if (record.IsWholeEvent)
            {
                Chains.Add(seq, record, record.Body, bodies[body++]);
            }
            else if (Other(seq, record) is { } wrong)
            {
                return wrong;
            }

            Read++;
        }

        var next = (n * TileId.FullWidth) + whole;
        return whole < width ? new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {next}: there is no whole record.", next)
            : left > 0 ? new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {next}: there is more in its bundle than there should be.", next)
            : tree ? Tile(n, width)
            : null;
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

        Self.Add(seq, record);
        return null;
    }

    // All hashes of a bundle at once, up to the first entry that is none; how many there are, and how many bytes are left.
    private (int Whole, int Left) Hash(ReadOnlySpan<byte> bundle, int width)
    {
        _leaves.Clear();
        _bodies.Clear();
        var rest = bundle;
        var count = 0;
        for (; count < width && EntryBundle.TryTake(ref rest, out var entry) && LedgerRecord.TryParse(entry, out var record); count++)
        {
            var at = bundle.Length - rest.Length - entry.Length;
            _entries[count] = (at, entry.Length);
            if (tree)
            {
                LedgerRecord.AddLeaf(_leaves, entry);
            }

            if (record.IsWholeEvent)
            {
                _bodies.AddPart(bundle, at + LedgerRecord.HeaderBytes, record.Body.Length);
            }
        }

        return (count, rest.Length);
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
