using System.Runtime.InteropServices;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Storing;

/// <summary>What is the matter with an event of a server. Such an event is kept like any other, and never shown as verified.</summary>
[Flags]
public enum EventFlags
{
    None = 0,
    /// <summary>Its fields could be others and give the same hash.</summary>
    Ambiguous = 1,
    /// <summary>The format itself is ambiguous.</summary>
    WeakFormat = 2,
    /// <summary>It does not give its hash.</summary>
    HashWrong = 4,
    /// <summary>It does not follow the event before it.</summary>
    LinkBroken = 8,
    /// <summary>Its text was taken out. This one is not the server's doing, and stands at any entry.</summary>
    Redacted = 16,
}

/// <summary>What can be said of one event by itself.</summary>
/// <param name="Own">What is the matter with it, whatever it follows.</param>
/// <param name="Follows">The hash that it names as that of the event before; null when it names none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EventCheck(EventFlags Own, TreeHash? Follows)
{
    /// <param name="record">An event.</param>
    /// <param name="body">What the server hashed, where that stands beside the log; the record's own body otherwise.</param>
    /// <param name="hash">SHA-256 of that.</param>
    public static EventCheck Of(LedgerRecord record, ReadOnlySpan<byte> body, TreeHash hash) => new(
        (record.Kind == RecordKind.ConcatenatedEvent ? EventFlags.WeakFormat : PipedFields.TryFind(body, out _) ? EventFlags.None : EventFlags.Ambiguous)
        | (hash == record.ChainHash ? EventFlags.None : EventFlags.HashWrong),
        UpstreamEvent.TryPreviousHash(body, out var link) ? link : null);

    /// <param name="previous">Hash of the event before in the same chain and epoch; null for the first that we have.</param>
    public EventFlags After(TreeHash? previous) => Own | (Follows is { } link && (previous is null || link == previous) ? EventFlags.None : EventFlags.LinkBroken);
}
