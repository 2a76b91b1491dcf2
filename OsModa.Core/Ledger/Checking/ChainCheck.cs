using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Follows every server's chain through the entries of a log.</summary>
internal sealed class ChainCheck
{
    private readonly Dictionary<(Guid Source, uint Epoch), End> _ends = [];
    private readonly byte[] _lastKey = new byte[20];
    private readonly List<Claim> _claims = [];
    private End? _last;

    public ImmutableArray<ChainReport> Report() =>
        [.. _ends.Select(static end => new ChainReport(end.Key.Source, end.Key.Epoch, end.Value.Events, end.Value.Weak, end.Value.Ambiguous, end.Value.FirstBroken)).OrderBy(static chain => chain.Source).ThenBy(static chain => chain.Epoch)];

    /// <summary>An event; what its body hashes to comes with <see cref="Settle"/>.</summary>
    /// <param name="seq">Of the entry.</param>
    /// <param name="record">An event.</param>
    /// <param name="body">What the server hashed.</param>
    public void Add(long seq, LedgerRecord record, ReadOnlySpan<byte> body)
    {
        var end = EndOf(record);
        end.Events++;
        var follows = Follows(end, body);
        if (record.Kind == RecordKind.ConcatenatedEvent)
        {
            end.Weak++;
        }
        else if (!PipedFields.TryFind(body, hashIsRead: follows, out _))
        {
            end.Ambiguous++;
        }

        if (!follows)
        {
            end.Break(seq);
        }

        (end.Hash, end.IsOpen) = (record.ChainHash, false);
        _claims.Add(new Claim(end, seq, end.Hash));
    }

    /// <param name="hashes">What the bodies since the last time hash to, in their order.</param>
    public void Settle(ReadOnlySpan<TreeHash> hashes)
    {
        var claims = CollectionsMarshal.AsSpan(_claims);
        for (var i = 0; i < claims.Length; i++)
        {
            if (hashes[i] != claims[i].Hash)
            {
                claims[i].Of.Break(claims[i].Seq);
            }
        }

        _claims.Clear();
    }

    /// <summary>A body that was redacted: what it hashed to still links.</summary>
    public void AddUnreadable(LedgerRecord record)
    {
        var end = EndOf(record);
        end.Events++;
        (end.Hash, end.IsOpen) = (record.ChainHash, false);
    }

    /// <summary>An event that was too long to be copied: what comes after it can follow anything.</summary>
    public void AddLeftOut(LedgerRecord record)
    {
        var end = EndOf(record);
        end.Events++;
        end.Hash = TreeHash.Zero;
        end.IsOpen = true;
    }

    private static bool Follows(End end, ReadOnlySpan<byte> body) => end is { Events: > 1, IsOpen: false }
        ? body.Length > 2 * TreeHash.Bytes && end.Hash.IsHex(body[^(2 * TreeHash.Bytes)..])
        : UpstreamEvent.TryPreviousHash(body, out _);

    private End EndOf(LedgerRecord record)
    {
        // Events of one server mostly stand together.
        if (_last is not null && record.ChainKey.SequenceEqual(_lastKey))
        {
            return _last;
        }

        record.ChainKey.CopyTo(_lastKey);
        if (!_ends.TryGetValue((record.Source, record.Epoch), out _last))
        {
            _ends[(record.Source, record.Epoch)] = _last = new End();
        }

        return _last;
    }

    private sealed class End
    {
        public TreeHash Hash { get; set; }

        /// <summary>The hash of the newest event is not known.</summary>
        public bool IsOpen { get; set; }

        public long Events { get; set; }

        public long Weak { get; set; }

        public long Ambiguous { get; set; }

        public long? FirstBroken { get; private set; }

        public void Break(long seq) => FirstBroken = Math.Min(FirstBroken ?? seq, seq);
    }

    // That the body of an event hashes to this.
    private readonly record struct Claim(End Of, long Seq, TreeHash Hash);
}
