using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Reading;

/// <summary>How a log stands: whether it is written and signed, and whether it is still what was written and signed.</summary>
internal sealed class LedgerStanding(LedgerStore store, Publisher publisher)
{
    /// <summary>Whether it is written and signed, or what keeps it from that.</summary>
    public LedgerState Of(LogReader reader)
    {
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

    /// <summary>Reads the whole log and hashes it anew, against the keys and the guard that we have of it.</summary>
    public CheckReport Check(LogReader reader, IProgress<long>? progress, CancellationToken cancellationToken)
    {
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
}
