using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Reading;

/// <summary>Which entries are wanted; what is null or empty does not matter.</summary>
public sealed record LedgerFilter
{
    public static LedgerFilter Everything { get; } = new();

    public RecordKind? Kind { get; init; }

    /// <summary>Of which epoch of the log; null: of the newest.</summary>
    public uint? Epoch { get; init; }

    /// <summary>Exactly this actor.</summary>
    public string Actor { get; init; } = "";

    /// <summary>Within the actor, letters of ASCII large or small alike.</summary>
    public string ActorHas { get; init; } = "";

    /// <summary>What the type or verb begins with.</summary>
    public string Type { get; init; } = "";

    /// <summary>Exactly one of these types or verbs; empty for any.</summary>
    public IReadOnlyList<string> AnyOf { get; init; } = [];

    /// <summary>The server or person it is about.</summary>
    public Guid? Source { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Anywhere in the body, letters large or small alike.</summary>
    public string Text { get; init; } = "";
}

/// <summary>An entry as a list shows it.</summary>
/// <param name="Seq">Its number in the log, from 0.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Source">The server or person it is about.</param>
/// <param name="SourceId">Of a server's event: its id there.</param>
/// <param name="ReceivedAt">When we had it.</param>
/// <param name="Type">Type of a server's event, or verb.</param>
/// <param name="Actor">Who.</param>
/// <param name="Flags">What is the matter with a server's event.</param>
public sealed record LedgerLine(long Seq, RecordKind Kind, Guid Source, long? SourceId, DateTimeOffset ReceivedAt, string Type, string Actor, EventFlags Flags)
{
    /// <summary>What it says, where it is not a server's event and not redacted.</summary>
    public ActionBody? Action { get; init; }

    /// <summary>Who took its text out, and why; null when nobody did.</summary>
    public RedactionNote? Redaction { get; init; }

    /// <summary>How what a server's event says begins, as the server wrote it; empty for everything else.</summary>
    public string Payload { get; init; } = "";
}

/// <param name="At">Number of the entry that says so.</param>
/// <param name="When">When it was done.</param>
/// <param name="Who">By whom.</param>
/// <param name="Why">In their words.</param>
public sealed record RedactionNote(long At, DateTimeOffset When, string Who, string Why)
{
    /// <summary>Of the log that has the entry <see cref="At"/>; null: the same log.</summary>
    public uint? Epoch { get; init; }
}

/// <param name="Lines">Newest first.</param>
/// <param name="Before">Where the next page begins; null when there is none.</param>
/// <param name="Size">Entries in the log.</param>
public sealed record LedgerPage(IReadOnlyList<LedgerLine> Lines, long? Before, long Size)
{
    /// <summary>It was looked back to here and no further, because that is enough for one turn: whoever wants more goes on from <see cref="Before"/>. Null when all was looked through, or the page is full.</summary>
    public DateTimeOffset? SearchedTo { get; init; }
}
