using System.Globalization;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Reading;

/// <summary>One entry in full.</summary>
/// <param name="Line">As a list shows it.</param>
/// <param name="Record">The entry itself, byte for byte.</param>
/// <param name="Leaf">Its hash in the tree.</param>
/// <param name="Event">A server's event, if it can be read in one way.</param>
/// <param name="Action">Anything else.</param>
/// <param name="Proof">That the newest signed head contains it; null while none does.</param>
public sealed record LedgerEntry(LedgerLine Line, byte[] Record, TreeHash Leaf, UpstreamEvent? Event, ActionBody? Action, LoggedProof? Proof)
{
    /// <summary>The newest signed head before it: it was not there when that was signed. Null when none was.</summary>
    public SignedHead? After { get; init; }

    /// <summary>The first signed head that has it. Null while none does.</summary>
    public SignedHead? Before { get; init; }

    /// <summary>The server says that it happened more than a minute before <see cref="NotThereAt"/>: it came late, or its time is not true.</summary>
    public bool IsBackdated => Event is { } claimed && DateTimeOffset.TryParse(claimed.Ts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at < NotThereAt - TimeSpan.FromMinutes(1);

    /// <summary>When <see cref="After"/> was cosigned, by the first of its witnesses: what nobody here could make up. Without any, when it was signed, by our own clock. Null when there is none.</summary>
    public DateTimeOffset? NotThereAt => After?.Cosignatures is { Count: > 0 } witnessed ? witnessed.Min(static one => one.At) : After?.SignedAt;

    /// <summary>Its text was taken out: <see cref="LedgerLine.Redaction"/> has by whom. <see cref="Record"/> is then what is left of it.</summary>
    public bool IsRedacted => Line.Redaction is not null;
}

/// <summary>What a head that somebody kept is to the ledger.</summary>
public enum HeadAnswer
{
    /// <summary>No signed head of this log.</summary>
    NoHead,
    NotSigned,
    Larger,
    Contradicted,
    Held,
}

/// <summary>How a log stands.</summary>
/// <param name="Origin">Its name.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Size">Entries.</param>
/// <param name="First">The first entry that is kept; of those before it the hashes are.</param>
/// <param name="Newest">The newest signed head, or null.</param>
/// <param name="SignedAt">When that was signed.</param>
/// <param name="Key">The key that heads are signed with; null when it is missing or damaged.</param>
/// <param name="Stopped">Why it is not signed at present; null when all is well.</param>
public sealed record LedgerState(string Origin, uint Epoch, long Size, long First, SignedNote? Newest, DateTimeOffset? SignedAt, VerifierKey? Key, string? Stopped)
{
    /// <summary>It goes on in another epoch, and nothing is written to it any more; null for the newest.</summary>
    public EpochEnd? End { get; init; }

    /// <summary>It is not written either, so no verb is carried out.</summary>
    public bool IsUnwritten { get; init; }

    /// <summary>A new epoch gets over what stopped it.</summary>
    public bool NeedsEpoch { get; init; }

    /// <summary>Changes of the key, oldest first.</summary>
    public IReadOnlyList<KeyChange> KeyChanges { get; init; } = [];
}
