using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Holds what is missing from a log, and the change of its key, against the log's own entries: neither may be without one that says so.</summary>
/// <param name="log">Which log.</param>
/// <param name="only">Single entries are looked at, and not all of the log.</param>
internal sealed class SelfCheck(ILogSource log, bool only = false)
{
    private readonly SortedDictionary<long, byte[]> _left = [];
    private readonly Dictionary<long, List<ActionBody>> _redactions = [];
    private readonly Dictionary<long, string> _changes = [];
    private long _droppedBefore;

    /// <summary>Entries whose text was taken out.</summary>
    public long Redacted => _left.Count;

    /// <summary>The first text that was taken out after the log had ended, when what says so is not at hand; null when there is none.</summary>
    public RedactedLater? Elsewhere { get; private set; }

    public void Add(long seq, LedgerRecord record)
    {
        if (record.IsRedacted)
        {
            _left[seq] = [.. record.OriginalHeader, .. record.Body];
        }
        else if (record.Kind is RecordKind.Redaction or RecordKind.KeyChange && !record.IsBeside && ActionBody.Parse(record.Body.ToArray()) is { } body)
        {
            Add(seq, record.Kind, body);
        }
    }

    public Finding? End()
    {
        if (!log.IsPart && log.First > _droppedBefore)
        {
            return new Finding(CheckResult.ContentMismatch, $"The entries before {log.First} are gone, and no entry says that they were dropped.", 0);
        }

        foreach (var (seq, left) in _left)
        {
            if (_redactions.GetValueOrDefault(seq)?.Exists(body => Removal.Fits(body, left)) == true)
            {
                continue;
            }

            if (log.ToldLater(seq, left) is { } later)
            {
                Elsewhere ??= later.IsAtHand ? null : later;
            }
            else
            {
                return new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {seq}: its text was taken out, and no entry says that it was redacted.", seq);
            }
        }

        return only ? null : Keys(log.KeyChanges());
    }

    private Finding? Keys(IReadOnlyList<KeyChange> changes)
    {
        if (changes.FirstOrDefault(change => change.At >= log.First && change.At < log.Size && _changes.GetValueOrDefault(change.At) != change.ToString()) is { } unsaid)
        {
            return new Finding(CheckResult.Signature, $"Entry {unsaid.At} should announce another key and does not.", unsaid.At);
        }

        return _changes.Keys.Order().Select(static at => (long?)at).FirstOrDefault(at => changes.All(change => change.At != at)) is { } without
            ? new Finding(CheckResult.Signature, $"Entry {without} announces another key, and the note that both keys signed is missing.", without)
            : null;
    }

    private void Add(long seq, RecordKind kind, ActionBody body)
    {
        if (kind == RecordKind.KeyChange)
        {
            _changes[seq] = body.Details.GetValueOrDefault(KeyChange.Detail, "");
        }
        else if (Removal.RedactedEntry(body) is { } entry && entry < seq)
        {
            if (!_redactions.TryGetValue(entry, out var all))
            {
                _redactions[entry] = all = [];
            }

            all.Add(body);
        }
        else if (Removal.DroppedBefore(body) is { } before && before <= seq)
        {
            _droppedBefore = Math.Max(_droppedBefore, before);
        }
    }
}
