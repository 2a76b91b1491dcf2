using System.Text;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Reading;

/// <summary>What pages ask of one organisation's ledger. It is always the organisation of the caller; nothing here reads another's.</summary>
public sealed class LedgerQueries(LedgerStore store, Publisher publisher)
{
    public const int MostLines = 200;

    /// <summary>Entries whose text one question looks through: some tens of milliseconds, so that nobody's search holds up anybody else.</summary>
    public const long MostTexts = 50_000;

    /// <summary>Entries that one question looks through in the index alone.</summary>
    public const long MostLooked = 1_000_000;

    private readonly LedgerStanding _standing = new(store, publisher);

    /// <summary>All lines back to where the filter begins, newest first, read as they are asked for.</summary>
    /// <param name="tenant">The caller's organisation.</param>
    /// <param name="filter">Which entries; says from when.</param>
    public IEnumerable<LedgerLine> Back(Guid tenant, LedgerFilter filter)
    {
        for (long? before = null; ;)
        {
            var page = Page(tenant, filter, before, MostLines);
            foreach (var line in page.Lines)
            {
                yield return line;
            }

            before = page.Before;
            if (before is null || page.SearchedTo < filter.From)
            {
                yield break;
            }
        }
    }

    /// <summary>A page, newest first.</summary>
    /// <param name="tenant">The caller's organisation.</param>
    /// <param name="filter">Which entries.</param>
    /// <param name="before">Only those with a smaller number; null for the newest.</param>
    /// <param name="count">At most <see cref="MostLines"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public LedgerPage Page(Guid tenant, LedgerFilter filter, long? before = null, int count = 50, CancellationToken cancellationToken = default)
    {
        using var reader = store.Open(tenant, filter.Epoch);
        if (reader is null)
        {
            return new LedgerPage([], null, 0);
        }

        count = Math.Clamp(count, 1, MostLines);
        var until = Math.Min(before ?? long.MaxValue, reader.Size);
        var from = Math.Max(reader.First, until - (filter.Text.Length > 0 ? MostTexts : MostLooked));
        var lines = new List<LedgerLine>();
        var texts = new TextSearch(reader, filter.Text);
        using var command = LineQuery.Command(reader, filter, from, until);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = LineQuery.Read(rows);
            if (!texts.Holds(line.Seq))
            {
                continue;
            }

            if (lines.Count == count)
            {
                return new LedgerPage(lines, lines[^1].Seq, reader.Size);
            }

            lines.Add(line with { Action = EntryReading.Action(reader, line), Payload = EntryReading.Payload(reader, line), Redaction = EntryReading.Redaction(reader, line) });
        }

        return from == reader.First
            ? new LedgerPage(lines, null, reader.Size)
            : new LedgerPage(lines, from, reader.Size) { SearchedTo = LineQuery.One(reader, from)?.ReceivedAt };
    }

    /// <summary>The newest entry that a filter wants, however far back it is, with what it says; null when there is none.</summary>
    public LedgerLine? Newest(Guid tenant, LedgerFilter filter)
    {
        var page = Page(tenant, filter, null, 1);
        while (page is { Lines: [], Before: { } before })
        {
            page = Page(tenant, filter, before, 1);
        }

        return page.Lines is [var newest] ? newest : null;
    }

    /// <summary>One entry with its proof; null when there is none of this number.</summary>
    public LedgerEntry? Entry(Guid tenant, long seq, uint? epoch = null)
    {
        using var reader = store.Open(tenant, epoch);
        if (reader?.Entry(seq) is not { } bytes || !LedgerRecord.TryParse(bytes, out var record) || LineQuery.One(reader, seq) is not { } line)
        {
            return null;
        }

        var body = EntryReading.Body(reader, record);
        var read = record.IsEvent && body is not null && UpstreamEvent.TryParsePiped(body, out var parsed) ? parsed : null;
        return new LedgerEntry(line with { Redaction = EntryReading.Redaction(reader, line) }, bytes, LedgerRecord.Leaf(bytes), read, record.IsEvent || body is null ? null : ActionBody.Parse(body), EntryReading.Proof(reader, seq))
        {
            After = reader.LastCheckpointWithin(seq),
            Before = reader.FirstCheckpointOf(seq + 1),
        };
    }

    /// <summary>Signed heads, newest first.</summary>
    public IReadOnlyList<SignedHead> Heads(Guid tenant, int count = 50, uint? epoch = null)
    {
        using var reader = store.Open(tenant, epoch);
        return reader is null ? [] : reader.NewestCheckpoints(count);
    }

    /// <summary>That the log at one size continues it at a smaller one; null when one of them is beyond its end.</summary>
    public TreeHash[]? Consistency(Guid tenant, long from, long to, uint? epoch = null)
    {
        using var reader = store.Open(tenant, epoch);
        return reader is null || from < 0 || from > to || to > reader.Size ? null : Tree.Consistency.Prove(reader.Subtrees(to), from, to);
    }

    /// <summary>Whether a signed head that somebody else kept is a part of the ledger as it is now.</summary>
    /// <param name="tenant">The caller's organisation.</param>
    /// <param name="text">A signed note (C2SP tlog-checkpoint).</param>
    public HeadAnswer Holds(Guid tenant, string text, uint? epoch = null)
    {
        using var reader = store.Open(tenant, epoch);
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Trim() + "\n";
        if (reader is null || !SignedNote.TryParse(Encoding.UTF8.GetBytes(lines), out var note) || !Checkpoint.TryParse(note.Text, out var head) || head.Origin != reader.Origin)
        {
            return HeadAnswer.NoHead;
        }

        return note.Check(store.KeysOf(reader).For(head.Size)) is not { Length: > 0 } ? HeadAnswer.NotSigned
            : head.Size > reader.Size ? HeadAnswer.Larger
            : reader.Continues(head) ? HeadAnswer.Held
            : HeadAnswer.Contradicted;
    }

    /// <summary>Logs of an organisation, the newest first: all but that one have ended.</summary>
    public IReadOnlyList<LogName> Epochs(Guid tenant) => [.. store.Logs().Where(log => log.Tenant == tenant).OrderByDescending(static log => log.Epoch)];

    /// <summary>How a log stands. Null before the first record, and for an epoch that there is not.</summary>
    public LedgerState? State(Guid tenant, uint? epoch = null)
    {
        using var reader = store.Open(tenant, epoch);
        return reader is null ? null : _standing.Of(reader);
    }

    /// <summary>Reads the whole log and hashes it anew; takes a second for some million entries. Null before the first record, and for an epoch that there is not.</summary>
    public CheckReport? Check(Guid tenant, IProgress<long>? progress = null, uint? epoch = null, CancellationToken cancellationToken = default)
    {
        using var reader = store.Open(tenant, epoch);
        return reader is null ? null : _standing.Check(reader, progress, cancellationToken);
    }
}
