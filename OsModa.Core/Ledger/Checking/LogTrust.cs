using System.Collections.Immutable;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Core.Ledger.Checking;

/// <summary>What the one who checks a log brings along: whom they trust, and what they were shown before. Never what the log says of itself.</summary>
/// <param name="Keys">Of logs; those of other logs than the one that is checked do not matter.</param>
public sealed record LogTrust(ImmutableArray<VerifierKey> Keys)
{
    /// <summary>Which witnesses must have signed, and perhaps keys of logs; null when none need.</summary>
    public TrustPolicy? Policy { get; init; }

    /// <summary>Heads that were seen before: the log must continue them.</summary>
    public ImmutableArray<SignedNote> Seen { get; init; } = [];

    /// <summary>Whom a time-stamping authority has to lead back to; null when nobody asks.</summary>
    public TimestampRoots? TimestampRoots { get; init; }

    /// <summary>One time stamp at least has to lead there; otherwise it is only said whether any does.</summary>
    public bool NeedsTimestamp { get; init; } = true;

    /// <summary>The keys of this log, and those that it went over to.</summary>
    internal KeyChain KeysOf(ILogSource log) => KeyChain.Of(log.Origin, Keys.Concat(Policy?.Logs.Select(static one => one.Key) ?? []), log.KeyChanges());
}
