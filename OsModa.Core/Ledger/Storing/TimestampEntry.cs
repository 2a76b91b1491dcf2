using System.Collections.Immutable;
using System.Globalization;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Core.Ledger.Storing;

/// <summary>The entry of a log that says of one of its heads that it was time-stamped, so that what is kept of that beside the log can be neither changed nor taken away without a trace.</summary>
internal static class TimestampEntry
{
    public static ImmutableSortedDictionary<string, string> Details(KeptTimestamp kept) => LedgerVerbs.Details(
        ("authority", kept.Authority), ("at", kept.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)), ("size", kept.Size.ToString(CultureInfo.InvariantCulture)), ("sha256", Sha256.Plain(kept.Token).ToHex()));

    /// <summary>Whether the entry says this. One whose text was taken out, or that is not kept any more, says nothing against it.</summary>
    public static bool Says(LogReader log, KeptTimestamp kept) =>
        (kept.Entry >= 0 && kept.Entry < log.First)
        || (LedgerRecord.TryParse(log.Entry(kept.Entry), out var record) && record.Kind == RecordKind.Notice
            && (record.IsRedacted || (ActionBody.Parse(record.Body.ToArray()) is { Verb: TimestampClient.Stamped } said && Details(kept).All(one => said.Details.GetValueOrDefault(one.Key) == one.Value))));

    /// <summary>Entries that say so, by the index.</summary>
    public static IReadOnlyList<long> In(LogReader log) => log.Connection.List(
        static row => row.GetInt64(0), "SELECT seq FROM entry WHERE log = ?1 AND seq >= ?2 AND kind = ?3 AND type = ?4 ORDER BY seq", log.Log.Id, log.First, (int)RecordKind.Notice, TimestampClient.Stamped);
}
