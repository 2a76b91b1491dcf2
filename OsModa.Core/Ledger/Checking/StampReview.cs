using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Holds time stamps of a log, one after the other from the smallest, against the heads that they are of.</summary>
/// <param name="origin">Name of the log.</param>
/// <param name="keys">What its heads have to be signed with.</param>
/// <param name="roots">Of the one who checks; null when they ask for no trust.</param>
internal sealed class StampReview(string origin, KeyChain keys, TimestampRoots? roots)
{
    private StampReport? _newest;
    private string? _distrusted;
    private long _count;
    private long _trusted;

    /// <summary>Null when there was none.</summary>
    public StampReport? Report => _newest is null ? null : _newest with { Count = _count, Trusted = _trusted };

    /// <param name="size">Entries that it is said to be of.</param>
    /// <param name="note">The head as it was stamped.</param>
    /// <param name="token">What the authority signed.</param>
    /// <param name="compare">Holds the head against the log; null when it is a part of it.</param>
    /// <param name="at">When it was stamped, by the authority's clock.</param>
    public Finding? Add(long size, ReadOnlySpan<byte> note, ReadOnlyMemory<byte> token, Func<Checkpoint, Finding?> compare, out DateTimeOffset at)
    {
        at = default;
        if (!SignedNote.TryParse(note, out var signed) || !Checkpoint.TryParse(signed.Text, out var head) || head.Origin != origin || head.Size != size)
        {
            return new Finding(CheckResult.Malformed, $"What was time-stamped as the state of {size} entries is no checkpoint of {origin}.");
        }

        if (signed.Check(keys.For(size)) is not { Length: > 0 })
        {
            return new Finding(CheckResult.Signature, $"The state of {size} entries that was time-stamped is not signed by {origin}.");
        }

        var verdict = TimestampCheck.Check(token, note, roots);
        at = verdict.At;
        if (verdict.Wrong is { } wrong)
        {
            return new Finding(CheckResult.Signature, $"The time stamp of the state of {size} entries does not verify. {wrong}");
        }

        if (compare(head) is { } other)
        {
            return other;
        }

        _count++;
        _distrusted = verdict.Distrusted ?? _distrusted;
        var isTrusted = roots is null ? (bool?)null : verdict.Distrusted is null;
        _trusted += isTrusted == true ? 1 : 0;
        if (_newest?.IsTrusted != true || isTrusted == true)
        {
            _newest = new StampReport(size, verdict.At, verdict.Signer, isTrusted, 0);
        }

        return null;
    }

    /// <summary>Whether one of them is of somebody who is trusted, where that was asked for.</summary>
    public Finding? Policy() => roots is not null && _newest is { IsTrusted: not true }
        ? new Finding(CheckResult.Policy, $"No time stamp is by an authority that you trust. {_distrusted}")
        : null;
}
