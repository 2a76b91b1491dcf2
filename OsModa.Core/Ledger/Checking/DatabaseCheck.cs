using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Checks the logs of a ledger.db, also while it is written: each as it stood when its turn came.</summary>
public static class DatabaseCheck
{
    /// <param name="path">Of the file.</param>
    /// <param name="log">Its name; null: all of them, ended epochs too.</param>
    /// <param name="trust">What they have to hold against. A head that was seen before counts for its own log only.</param>
    /// <param name="signed">The newest head of a log that was signed, which it must not be behind; null: nobody knows any.</param>
    /// <param name="progress">Entries of a log read so far.</param>
    /// <exception cref="LedgerDamagedException">It is no ledger, or has no such log.</exception>
    public static IReadOnlyList<(string Origin, CheckReport Report)> Run(string path, string? log, LogTrust trust, Func<LogName, Checkpoint?>? signed = null, IProgress<long>? progress = null)
    {
        try
        {
            var all = Logs(path);
            var logs = all.Where(name => log is null || name.Origin == log).ToList();
            return logs.Count == 0
                ? throw new LedgerDamagedException(log is null ? $"Nothing is in the ledger {path} yet." : $"There is no log {log} in {path}.")
                : [.. logs.Select(name => (name.Origin, Check(path, name, trust, signed, progress))), .. log is null ? Gone(path, all, trust) : []];
        }
        catch (SqliteException e)
        {
            throw new LedgerDamagedException($"{path} is no ledger that can be read: {e.Message}", e);
        }
    }

    /// <summary>A log of a ledger.db, with the index that pages search by.</summary>
    /// <param name="reader">The log.</param>
    /// <param name="trust">What it has to hold against.</param>
    /// <param name="progress">Entries read so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static CheckReport Run(LogReader reader, LogTrust trust, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        WithIndex(LogCheck.Run(reader, trust, progress, cancellationToken), reader, cancellationToken);

    // A head was seen of a log that is not there: all of it was taken away.
    private static IEnumerable<(string Origin, CheckReport Report)> Gone(string path, IReadOnlyList<LogName> logs, LogTrust trust) => trust.Seen
        .Select(static seen => Checkpoint.TryParse(seen.Text, out var head) ? head.Origin : null).OfType<string>().Distinct(StringComparer.Ordinal)
        .Where(origin => logs.All(log => log.Origin != origin))
        .Select(origin => (origin, new CheckReport(CheckResult.Consistency, $"A signed head of {origin} was seen before, and {path} has no such log.", null, 0, 0, 0, [])));

    private static CheckReport WithIndex(CheckReport report, LogReader reader, CancellationToken cancellationToken = default) =>
        report.Result == CheckResult.Ok && IndexCheck.Run(reader, cancellationToken) is { } wrong ? report with { Result = wrong.Result, Sentence = wrong.Sentence, At = wrong.At } : report;

    /// <summary>Of the file, ended epochs too.</summary>
    internal static IReadOnlyList<LogName> Logs(string path)
    {
        using var connection = LedgerFile.OpenForReading(path);
        return LogDirectory.All(connection);
    }

    private static CheckReport Check(string path, LogName name, LogTrust trust, Func<LogName, Checkpoint?>? signed, IProgress<long>? progress)
    {
        using var reader = new LogReader(LedgerFile.OpenForReading(path), name);
        var report = LogCheck.Run(reader, trust with { Seen = [.. trust.Seen.Where(seen => Checkpoint.TryParse(seen.Text, out var head) && head.Origin == name.Origin)] }, progress);
        try
        {
            if (report.Result == CheckResult.Ok)
            {
                ForkCheck.Demand(reader, signed?.Invoke(name));
            }

            return WithIndex(report, reader);
        }
        catch (LedgerDamagedException e)
        {
            return report with { Result = CheckResult.Consistency, Sentence = e.Message };
        }
    }
}
