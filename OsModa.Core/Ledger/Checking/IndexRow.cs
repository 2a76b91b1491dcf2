using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Checking;

/// <summary>What the index for searching says of an entry.</summary>
internal readonly record struct IndexRow(long Kind, Guid Source, long Epoch, long ReceivedMs, long? SourceId, string Type, string Actor, EventFlags Flags)
{
    public static IndexRow Of(SqliteDataReader row) => new(
        row.GetInt64(1), new Guid(row.Blob(2), bigEndian: true), row.GetInt64(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetInt64(5), row.GetString(6), row.GetString(7), (EventFlags)row.GetInt64(8));

    /// <summary>Whether the entry says the same, where it has it: not in a text that was taken out.</summary>
    public bool Says(LedgerRecord record, LogReader reader, IndexedChains chains)
    {
        var isOfChain = record.IsEvent || record.IsLeftOut;
        if (Kind != (long)record.Kind || Source != record.Source || Epoch != record.Epoch || ReceivedMs != record.ReceivedMs
            || SourceId is null == isOfChain || Flags.HasFlag(EventFlags.Redacted) != record.IsRedacted)
        {
            return false;
        }

        var body = record.IsRedacted ? null : record.IsBeside ? reader.Beside(record.Body[..TreeHash.Bytes]) : record.Body.ToArray();
        var (words, flags) = (body is null ? !record.IsRedacted || (Actor.Length == 0 && (!record.IsEvent || Type.Length == 0)) : record.IsEvent ? Begins(body, record.Kind) : Acts(body, record), Flags & ~EventFlags.Redacted);
        return words && (isOfChain ? chains.Follows(record, body, SourceId!.Value, flags) : flags == EventFlags.None);
    }

    private bool Acts(byte[] body, LedgerRecord record) =>
        ActionBody.Parse(body) is not { } action || (Type == action.Verb && Actor == action.Who && (!record.IsLeftOut || SourceId == LeftOutEvent.Of(action)?.Id));

    // The words as the server gave them, in the order in which it hashed them: where that can be read in one way, exactly there. An actor of its may have a | in it, so that the body alone reads otherwise.
    private bool Begins(ReadOnlySpan<byte> body, RecordKind kind)
    {
        var between = kind == RecordKind.PipedEvent ? "|" : "";
        if (kind == RecordKind.PipedEvent && UpstreamEvent.TryParsePiped(body, out var read))
        {
            return body.StartsWith(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{SourceId}|{read.Ts}|{Type}|{Actor}|")));
        }

        var front = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{SourceId}{between}"));
        return body.StartsWith(front) && body[front.Length..] is var rest
            && (Has(rest, $"{between}{Type}{between}{Actor}{between}") || Has(rest, $"{between}{Type}\0") || Has(rest, $"{between}{Type}{between}{Actor}\0"));
    }

    // A word with a NUL in it, as was copied once, ends there in the index.
    private static bool Has(ReadOnlySpan<byte> body, string words) => body.IndexOf(Encoding.UTF8.GetBytes(words)) >= 0;
}
