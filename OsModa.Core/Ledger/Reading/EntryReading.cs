using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Reading;

/// <summary>What an entry says, and what is said of it: read from its log for a line of a list, or for the entry in full.</summary>
internal static class EntryReading
{
    private const int PayloadMost = 160;

    /// <summary>What somebody did; null for what a server tells.</summary>
    public static ActionBody? Action(LogReader reader, LedgerLine line) =>
        line.Kind is not (RecordKind.ConcatenatedEvent or RecordKind.PipedEvent)
        && reader.Entry(line.Seq) is { } bytes && LedgerRecord.TryParse(bytes, out var record) && Body(reader, record) is { } body
            ? ActionBody.Parse(body)
            : null;

    /// <summary>The beginning of what a server tells of an event, in its own words; empty for any other entry.</summary>
    public static string Payload(LogReader reader, LedgerLine line) =>
        line.Kind == RecordKind.PipedEvent && reader.Entry(line.Seq) is { } bytes && LedgerRecord.TryParse(bytes, out var record) && record is { IsBeside: false, IsRedacted: false } && UpstreamEvent.TryParsePiped(record.Body, out var read)
            ? read.Payload[..Math.Min(read.Payload.Length, PayloadMost)]
            : "";

    /// <summary>Who took its text out and why; null while it is there.</summary>
    public static RedactionNote? Redaction(LogReader reader, LedgerLine line) => line.Flags.HasFlag(EventFlags.Redacted) ? RedactionQuery.Of(reader, line.Seq) : null;

    /// <summary>What it says, wherever that is kept; null when it was taken out.</summary>
    public static byte[]? Body(LogReader reader, LedgerRecord record) => record.IsRedacted ? null : record.IsBeside ? reader.Beside(record.Body[..TreeHash.Bytes]) : record.Body.ToArray();

    /// <summary>That the newest signed head contains it; null while none does.</summary>
    public static LoggedProof? Proof(LogReader reader, long seq) =>
        reader.NewestCheckpoint() is { } head && head.Size > seq && head.Note is { } note
            ? new LoggedProof(seq, [.. Inclusion.Prove(reader.Subtrees(head.Size), seq, head.Size)], note)
            : null;
}
