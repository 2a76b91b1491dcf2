using System.Data.Common;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Checks the logs of a ledger.db, also while it is written: each as it stood when its turn came.</summary>
public static class DatabaseCheck
{
    /// <param name="path">Of the file.</param>
    /// <param name="log">Its name; null: all of them, ended epochs too.</param>
    /// <param name="trust">What they have to hold against. A head that was seen before counts for its own log only.</param>
    /// <param name="signed">The newest head of a log that was signed, which it must not be behind; null: nobody knows any.</param>
    /// <param name="progress">Entries of a log read so far.</param>
    /// <param name="later">Epochs after the newest log of an organisation that were signed, which the database should have; null: nobody knows any.</param>
    /// <exception cref="LedgerDamagedException">It is no ledger, or has no such log.</exception>
    public static IReadOnlyList<(string Origin, CheckReport Report)> Run(
        string path, string? log, LogTrust trust, Func<LogName, Checkpoint?>? signed = null, IProgress<long>? progress = null, Func<LogName, IReadOnlyList<LogName>>? later = null)
    {
        try
        {
            var all = Logs(path);
            var logs = all.Where(name => log is null || name.Origin == log).ToList();
            return logs.Count == 0
                ? throw new LedgerDamagedException(log is null ? $"Nothing is in the ledger {path} yet." : $"There is no log {log} in {path}.")
                : [.. logs.Select(name => (name.Origin, Check(path, name, all, trust, signed, progress))), .. log is null ? Gone(path, all, trust) : [], .. log is null && later is not null ? Lost(path, all, later) : []];
        }
        catch (Exception e) when (e is DbException || IsOfNoLedger(e))
        {
            throw new LedgerDamagedException($"{path} is no ledger that can be read: {e.Message}", e);
        }
    }

    /// <summary>A log of a ledger.db, with the index that pages search by and the time stamps.</summary>
    /// <param name="reader">The log.</param>
    /// <param name="trust">What it has to hold against.</param>
    /// <param name="progress">Entries read so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be read at present, which says nothing of it.</exception>
    internal static CheckReport Run(LogReader reader, LogTrust trust, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        Readable(reader.Origin, () => WithIndex(LogCheck.Run(reader, trust, progress, cancellationToken), reader, trust, cancellationToken));

    /// <summary>What is damaged of one log is said of that log: the others are checked all the same. What cannot be read at present says nothing of it, and is thrown.</summary>
    /// <param name="origin">Its name.</param>
    /// <param name="check">Opens it and checks it.</param>
    internal static CheckReport Alone(string origin, Func<CheckReport> check)
    {
        try
        {
            return Readable(origin, check);
        }
        catch (Exception e) when (e is LedgerDamagedException or DbException && !LedgerUnavailableException.SaysNothing(e))
        {
            return Unread(CheckResult.Consistency, e.Message);
        }
    }

    /// <summary>Holds a log that is right in itself against what was signed; one that has ended, against what was told of its end, too.</summary>
    /// <exception cref="LedgerDamagedException">It is older than what was signed, or another one.</exception>
    internal static CheckReport WithGuard(CheckReport report, LogReader reader, EpochEnd? end, Checkpoint? signed)
    {
        if (report.Result != CheckResult.Ok)
        {
            return report;
        }

        if (end is null)
        {
            ForkCheck.Demand(reader, signed);
            return report;
        }

        var (wrong, adds) = end.Check(reader, signed);
        return wrong is null ? report with { Sentence = $"{report.Sentence} {adds}" } : report with { Result = CheckResult.Consistency, Sentence = wrong };
    }

    // A head was seen of a log that is not there: all of it was taken away.
    private static IEnumerable<(string Origin, CheckReport Report)> Gone(string path, IReadOnlyList<LogName> logs, LogTrust trust) => trust.Seen
        .Select(static seen => Checkpoint.TryParse(seen.Text, out var head) ? head.Origin : null).OfType<string>().Distinct(StringComparer.Ordinal)
        .Where(origin => logs.All(log => log.Origin != origin))
        .Select(origin => (origin, new CheckReport(CheckResult.Consistency, $"A signed head of {origin} was seen before, and {path} has no such log.", null, 0, 0, 0, [])));

    // An epoch was signed, and the database knows nothing of it: it is older than that.
    private static IEnumerable<(string Origin, CheckReport Report)> Lost(string path, IReadOnlyList<LogName> logs, Func<LogName, IReadOnlyList<LogName>> later) => logs
        .GroupBy(static log => log.Tenant).SelectMany(epochs => later(epochs.MaxBy(static log => log.Epoch)!))
        .Select(lost => (lost.Origin, new CheckReport(CheckResult.Consistency, $"Entries of {lost.Origin} were signed, and {path} has no such log: it is older than that, as after a restored backup.", null, 0, 0, 0, [])));

    // And with the time stamps, which stand beside the log as the index does and are told of in it.
    private static CheckReport WithIndex(CheckReport report, LogReader reader, LogTrust trust, CancellationToken cancellationToken) =>
        report.Result != CheckResult.Ok ? report
        : (Edge(reader) ?? IndexCheck.Run(reader, cancellationToken)) is { } wrong ? report with { Result = wrong.Result, Sentence = wrong.Sentence, At = wrong.At }
        : StampCheck.Run(reader, trust, report);

    // The writer goes on from it, so it has to be that of the entries, which are right by now.
    private static Finding? Edge(LogReader reader) => Ranges.Edge(reader.Subtrees(reader.Size), reader.Size).ToBytes().AsSpan().SequenceEqual(reader.Frontier) ? null
        : new Finding(CheckResult.ContentMismatch, $"The right edge that was kept of {reader.Origin} is not that of its entries: somebody changed it. Nothing can be added to it. Restore the newest backup.", reader.Size);

    /// <summary>Of the file, ended epochs too.</summary>
    internal static IReadOnlyList<LogName> Logs(string path)
    {
        using var connection = LedgerFile.OpenForReading(path);
        return LogDirectory.All(connection);
    }

    private static CheckReport Check(string path, LogName name, IReadOnlyList<LogName> all, LogTrust trust, Func<LogName, Checkpoint?>? signed, IProgress<long>? progress)
    {
        try
        {
            return Alone(name.Origin, () => Opened(path, name, all, trust, signed, progress));
        }
        catch (Exception e) when (LedgerUnavailableException.SaysNothing(e))
        {
            return Unread(CheckResult.Malformed, $"{name.Origin} cannot be read at present, so nothing is known of it. Check again. {e.Message}");
        }
    }

    private static CheckReport Opened(string path, LogName name, IReadOnlyList<LogName> all, LogTrust trust, Func<LogName, Checkpoint?>? signed, IProgress<long>? progress)
    {
        var end = EpochEnd.Of(name, all, log => new LogReader(LedgerFile.OpenForReading(path), log));
        // Before the log, because more may be signed while that is read.
        var head = EpochEnd.Guarded(end, () => signed?.Invoke(name));
        using var reader = new LogReader(LedgerFile.OpenForReading(path), name);
        var ours = trust with { Seen = [.. trust.Seen.Where(seen => Checkpoint.TryParse(seen.Text, out var before) && before.Origin == name.Origin)] };
        return Whole(reader, ours, end, head, progress, CancellationToken.None);
    }

    private static CheckReport Readable(string origin, Func<CheckReport> check)
    {
        try
        {
            return check();
        }
        catch (Exception e) when (IsOfNoLedger(e))
        {
            return Unread(CheckResult.Malformed, $"{origin} has a value in its database that no ledger has: somebody changed it, or the disk did. Restore the newest backup. {e.Message}");
        }
    }

    private static CheckReport Unread(CheckResult result, string sentence) => new(result, sentence, null, 0, 0, 0, []);

    // What is thrown where a column has something else than was ever written to it: an id of other than 16 bytes, a time of no year, no row at all.
    private static bool IsOfNoLedger(Exception e) => e is ArgumentException or InvalidOperationException or FormatException or InvalidCastException;

    /// <summary>A log, the index, the time stamps, and what was signed of it by the guard.</summary>
    internal static CheckReport Whole(LogReader reader, LogTrust trust, EpochEnd? end, Checkpoint? signed, IProgress<long>? progress, CancellationToken cancellationToken) => Readable(reader.Origin, () =>
    {
        var report = LogCheck.Run(reader, trust, progress, cancellationToken);
        try
        {
            return WithIndex(WithGuard(report, reader, end, signed), reader, trust, cancellationToken);
        }
        catch (LedgerDamagedException e) when (e is not LedgerUnavailableException)
        {
            return report with { Result = CheckResult.Consistency, Sentence = e.Message };
        }
    });
}
