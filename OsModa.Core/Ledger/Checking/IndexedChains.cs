using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Checking;

/// <summary>The newest event of each server's chain, as far as the entries of a log were read: what an event has to follow.</summary>
internal sealed class IndexedChains
{
    private readonly Dictionary<(Guid Source, uint Epoch), (long Id, TreeHash Hash)> _ends = [];

    /// <summary>Whether this can be the next event of its chain, with these flags.</summary>
    /// <param name="record">An event, or the notice in its place.</param>
    /// <param name="body">What was hashed; null when it is not there.</param>
    /// <param name="id">As the index has it.</param>
    /// <param name="flags">The same, without that of redaction.</param>
    public bool Follows(LedgerRecord record, byte[]? body, long id, EventFlags flags)
    {
        var isKnown = _ends.TryGetValue((record.Source, record.Epoch), out var last);
        _ends[(record.Source, record.Epoch)] = (id, record.ChainHash);
        if (isKnown && id <= last.Id)
        {
            return false;
        }

        if (!record.IsEvent || body is null)
        {
            return record.IsEvent || flags == EventFlags.None;
        }

        var right = EventCheck.Of(record, body, Sha256.Plain(body)).After(isKnown && last.Hash != TreeHash.Zero ? last.Hash : null);
        // The first one of this log may follow one that an earlier epoch of the log has, or that is not kept any more.
        return flags == right || (!isKnown && (flags | EventFlags.LinkBroken) == (right | EventFlags.LinkBroken));
    }
}
