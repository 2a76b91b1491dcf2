using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>An entry for a table: everything in it comes from the entry itself, so that whoever has the entries can make the same table.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Source">The server or person it is about.</param>
/// <param name="Epoch">Of the source.</param>
/// <param name="ReceivedAt">When we had it.</param>
/// <param name="ChainHash">A server's, for its events.</param>
/// <param name="Body">Null when it was redacted.</param>
internal sealed record EventRow(long Seq, RecordKind Kind, Guid Source, uint Epoch, DateTimeOffset ReceivedAt, TreeHash ChainHash, byte[]? Body)
{
    public bool IsEvent => Kind is RecordKind.PipedEvent or RecordKind.ConcatenatedEvent;

    public string Word => Kind switch
    {
        RecordKind.PipedEvent => "event",
        RecordKind.ConcatenatedEvent => "event-v1",
        RecordKind.EpochStart => "epoch-start",
        RecordKind.KeyChange => "key-change",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    public string Received => ReceivedAt.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");

    /// <summary>All that a log has at hand, oldest first.</summary>
    /// <exception cref="LedgerDamagedException">There is no whole record.</exception>
    public static IEnumerable<EventRow> Of(ILogSource log)
    {
        for (var n = log.First / TileId.FullWidth; n * TileId.FullWidth < log.Size; n++)
        {
            foreach (var row in OfBundle(log, n))
            {
                yield return row;
            }
        }
    }

    private static List<EventRow> OfBundle(ILogSource log, long n)
    {
        var rows = new List<EventRow>();
        var rest = (ReadOnlySpan<byte>)log.Bundle(n).ToArray();
        for (var seq = n * TileId.FullWidth; seq < Math.Min(log.Size, (n + 1) * TileId.FullWidth); seq++)
        {
            if (!EntryBundle.TryTake(ref rest, out var entry) || !LedgerRecord.TryParse(entry, out var record))
            {
                throw new LedgerDamagedException($"The ledger {log.Origin} is damaged: there is no whole record at entry {seq}.");
            }

            var body = record.IsRedacted ? null : record.IsBeside ? log.Beside(record.Body[..TreeHash.Bytes]) : record.Body.ToArray();
            rows.Add(new EventRow(seq, record.Kind, record.Source, record.Epoch, record.ReceivedAt, record.ChainHash, body));
        }

        return rows;
    }
}
