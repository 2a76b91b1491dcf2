using System.Text;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Reading;

/// <summary>Looks for a text in entries, newest first. The bundle that an entry is in is read once for all of its entries.</summary>
/// <param name="log">Which log.</param>
/// <param name="text">Anywhere in the body, letters large or small alike; empty: everything holds it.</param>
internal sealed class TextSearch(LogReader log, string text)
{
    private readonly bool[] _holds = new bool[TileId.FullWidth];
    private long _bundle = -1;

    public bool Holds(long seq)
    {
        if (text.Length == 0)
        {
            return true;
        }

        if (seq / TileId.FullWidth != _bundle)
        {
            Read(seq / TileId.FullWidth);
        }

        return _holds[seq % TileId.FullWidth];
    }

    private void Read(long n)
    {
        _bundle = n;
        Array.Clear(_holds);
        ReadOnlySpan<byte> rest = log.Bundle(n).ToArray();    // a text beside the log is read in between
        for (var i = 0; i < TileId.FullWidth && EntryBundle.TryTake(ref rest, out var entry); i++)
        {
            _holds[i] = LedgerRecord.TryParse(entry, out var record) && Within(record);
        }
    }

    private bool Within(LedgerRecord record) =>
        !record.IsRedacted && (record.IsBeside ? log.Beside(record.Body[..TreeHash.Bytes]) : record.Body) is var body
        && Encoding.UTF8.GetString(body).Contains(text, StringComparison.OrdinalIgnoreCase);
}
