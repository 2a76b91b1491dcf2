using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Reading;

/// <summary>Who took the text of an entry out, and why: in its own log, or in a later epoch when its own had ended.</summary>
internal static class RedactionQuery
{
    /// <summary>Null when no entry says so.</summary>
    public static RedactionNote? Of(LogReader reader, long seq)
    {
        var (log, at) = reader.Connection.List(
            static row => (new LogName(row.GetInt64(0), row.GetString(1), Guid.Empty, (uint)row.GetInt64(2)), row.GetInt64(3)),
            "SELECT l.id, l.origin, l.epoch, r.at FROM redacted r JOIN log l ON l.id = coalesce(r.by_log, r.log) WHERE r.log = ?1 AND r.seq = ?2", reader.Log.Id, seq).FirstOrDefault();
        return log is not null && LedgerRecord.TryParse(Redaction.Entry(reader.Connection, log, at), out var record) && !record.IsRedacted && !record.IsBeside && ActionBody.Parse(record.Body.ToArray()) is { } action
            ? new RedactionNote(at, record.ReceivedAt, action.Who, action.Why) { Epoch = log.Id == reader.Log.Id ? null : log.Epoch }
            : null;
    }
}
