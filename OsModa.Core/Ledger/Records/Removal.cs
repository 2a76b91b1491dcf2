using System.Collections.Immutable;
using System.Globalization;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Records;

/// <summary>What a record of kind <see cref="RecordKind.Redaction"/> says was taken out of the log: one entry's text, or all entries before one.</summary>
internal static class Removal
{
    public const string Redacted = "ledger.redact";
    public const string Dropped = "ledger.drop";
    private const string Entry = "entry";
    private const string Header = "header";
    private const string Hash = "hash";
    private const string Before = "before";
    private const string Ended = "endedOrigin";

    /// <summary>Of one entry, with what has to be left of it.</summary>
    public static ActionBody Of(ActionBody who, long seq, ReadOnlySpan<byte> entry)
    {
        var left = LedgerRecord.Redact(entry);
        return who with
        {
            Verb = Redacted,
            Details = ImmutableSortedDictionary<string, string>.Empty
                .Add(Entry, seq.ToString(CultureInfo.InvariantCulture))
                .Add(Header, Convert.ToBase64String(entry[..LedgerRecord.HeaderBytes]))
                .Add(Hash, LedgerRecord.Leaf(left).ToBase64()),
        };
    }

    /// <summary>Of one entry of a log that has ended, in one that it goes on in.</summary>
    public static ActionBody Of(ActionBody who, string endedOrigin, long seq, ReadOnlySpan<byte> entry)
    {
        var body = Of(who, seq, entry);
        return body with { Details = body.Details.Add(Ended, endedOrigin) };
    }

    /// <summary>Of all entries before one.</summary>
    public static ActionBody Of(ActionBody who, long before) =>
        who with { Verb = Dropped, Details = who.Details.Add(Before, before.ToString(CultureInfo.InvariantCulture)) };

    /// <summary>Of the log that has the record; null when it names none of it.</summary>
    public static long? RedactedEntry(ActionBody body) => body.Verb == Redacted && !body.Details.ContainsKey(Ended) ? Number(body, Entry) : null;

    /// <summary>Of that log, which has ended; null when it names none of it.</summary>
    public static long? RedactedEntry(ActionBody body, string endedOrigin) => body.Verb == Redacted && body.Details.GetValueOrDefault(Ended) == endedOrigin ? Number(body, Entry) : null;

    /// <summary>Null when it names none.</summary>
    public static long? DroppedBefore(ActionBody body) => body.Verb == Dropped ? Number(body, Before) : null;

    /// <summary>Whether what is left of the entry, the header as it was and the hash, is what the record says.</summary>
    public static bool Fits(ActionBody body, ReadOnlySpan<byte> left) =>
        body.Details.GetValueOrDefault(Header) == Convert.ToBase64String(left[..LedgerRecord.HeaderBytes])
        && body.Details.GetValueOrDefault(Hash) == TreeHash.From(left[LedgerRecord.HeaderBytes..]).ToBase64();

    private static long? Number(ActionBody body, string detail) =>
        long.TryParse(body.Details.GetValueOrDefault(detail), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
