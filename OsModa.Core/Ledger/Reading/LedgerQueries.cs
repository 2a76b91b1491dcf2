using System.Text;
using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Reading;

/// <summary>What pages ask of one organisation's ledger. It is always the organisation of the caller; nothing here reads another's.</summary>
public sealed class LedgerQueries(LedgerStore store, Publisher publisher)
{
    public const int MostLines = 200;

    /// <summary>Entries whose text one question looks through: some tens of milliseconds, so that nobody's search holds up anybody else.</summary>
    public const long MostTexts = 50_000;

    /// <summary>Entries that one question looks through in the index alone.</summary>
    public const long MostLooked = 1_000_000;

    private const int PayloadMost = 160;

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

            lines.Add(line with { Action = Action(reader, line), Payload = Payload(reader, line), Redaction = Redaction(reader, line) });
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

        var body = Body(reader, record);
        var read = record.IsEvent && body is not null && UpstreamEvent.TryParsePiped(body, out var parsed) ? parsed : null;
        return new LedgerEntry(line with { Redaction = Redaction(reader, line) }, bytes, LedgerRecord.Leaf(bytes), read, record.IsEvent || body is null ? null : ActionBody.Parse(body), Proof(reader, seq))
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
            : Ranges.Root(reader.Subtrees(head.Size), head.Size) == head.Root ? HeadAnswer.Held
            : HeadAnswer.Contradicted;
    }

    /// <summary>Logs of an organisation, the newest first: all but that one have ended.</summary>
    public IReadOnlyList<LogName> Epochs(Guid tenant) => [.. store.Logs().Where(log => log.Tenant == tenant).OrderByDescending(static log => log.Epoch)];

    /// <summary>Null before the first record, and for an epoch that there is not.</summary>
    public LedgerState? State(Guid tenant, uint? epoch = null)
    {
        using var reader = store.Open(tenant, epoch);
        if (reader is null)
        {
            return null;
        }

        var newest = reader.NewestCheckpoint();
        var end = store.EndOf(reader.Log);
        var behind = end is null ? BehindGuard(reader) : null;
        var key = Known(() => store.CurrentKey(reader), out var keyless);
        var stopped = end is null ? behind ?? publisher.WhyStopped(reader.Log) ?? keyless : null;
        return new LedgerState(reader.Origin, reader.Log.Epoch, reader.Size, reader.First, newest?.Note, newest?.SignedAt, key, stopped?.Message)
        {
            End = end, IsUnwritten = behind is not null, NeedsEpoch = stopped is { NeedsEpoch: true }, KeyChanges = reader.KeyChanges(),
        };
    }

    /// <summary>Reads the whole log and hashes it anew; takes a second for some million entries. Null before the first record, and for an epoch that there is not.</summary>
    public CheckReport? Check(Guid tenant, IProgress<long>? progress = null, uint? epoch = null, CancellationToken cancellationToken = default)
    {
        using var reader = store.Open(tenant, epoch);
        if (reader is null)
        {
            return null;
        }

        var keys = Known(() => store.Keys.Known(reader.Log).ToList(), out _) ?? [];
        var report = DatabaseCheck.Run(reader, new LogTrust([.. keys]), progress, cancellationToken);
        return store.EndOf(reader.Log) is { } end ? DatabaseCheck.WithGuard(report, reader, end, EpochEnd.Guarded(end, () => store.Guard.Read(reader.Log))) : report;
    }

    // Without its keys a log can be read all the same.
    private static T? Known<T>(Func<T> read, out LedgerDamagedException? missing)
        where T : class
    {
        try
        {
            missing = null;
            return read();
        }
        catch (LedgerDamagedException e)
        {
            missing = e;
            return null;
        }
    }

    private LedgerDamagedException? BehindGuard(LogReader reader)
    {
        try
        {
            ForkCheck.Demand(reader, store.Guard);
            return null;
        }
        catch (ForkGuardException e)
        {
            return StillBehind(reader.Log, e);
        }
        catch (LedgerDamagedException e)
        {
            return e;
        }
    }

    // More may have been written and signed since the reader was opened.
    private LedgerDamagedException? StillBehind(LogName log, ForkGuardException before)
    {
        try
        {
            using var fresh = store.Open(log);
            ForkCheck.Demand(fresh, before.Signed.Origin == log.Origin ? before.Signed : throw before);
            return null;
        }
        catch (LedgerDamagedException e)
        {
            return e;
        }
    }

    private static ActionBody? Action(LogReader reader, LedgerLine line) =>
        line.Kind is not (RecordKind.ConcatenatedEvent or RecordKind.PipedEvent)
        && reader.Entry(line.Seq) is { } bytes && LedgerRecord.TryParse(bytes, out var record) && Body(reader, record) is { } body
            ? ActionBody.Parse(body)
            : null;

    private static string Payload(LogReader reader, LedgerLine line) =>
        line.Kind == RecordKind.PipedEvent && reader.Entry(line.Seq) is { } bytes && LedgerRecord.TryParse(bytes, out var record) && record is { IsBeside: false, IsRedacted: false } && UpstreamEvent.TryParsePiped(record.Body, out var read)
            ? read.Payload[..Math.Min(read.Payload.Length, PayloadMost)]
            : "";

    private static RedactionNote? Redaction(LogReader reader, LedgerLine line) => line.Flags.HasFlag(EventFlags.Redacted) ? RedactionQuery.Of(reader, line.Seq) : null;

    private static byte[]? Body(LogReader reader, LedgerRecord record) => record.IsRedacted ? null : record.IsBeside ? reader.Beside(record.Body[..TreeHash.Bytes]) : record.Body.ToArray();

    private static LoggedProof? Proof(LogReader reader, long seq) =>
        reader.NewestCheckpoint() is { } head && head.Size > seq && head.Note is { } note
            ? new LoggedProof(seq, [.. Inclusion.Prove(reader.Subtrees(head.Size), seq, head.Size)], note)
            : null;
}
