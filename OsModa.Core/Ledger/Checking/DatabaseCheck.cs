using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Checks the logs of a ledger.db, also while it is written: each as it stood when its turn came.</summary>
public static class DatabaseCheck
{
    /// <param name="path">Of the file.</param>
    /// <param name="log">Its name; null: all of them, ended epochs too.</param>
    /// <param name="trust">What they have to hold against. A head that was seen before counts for its own log only.</param>
    /// <param name="guardFolder">Where the newest signed heads are kept; null or missing: nowhere.</param>
    /// <param name="progress">Entries of a log read so far.</param>
    /// <exception cref="LedgerDamagedException">It is no ledger, or has no such log.</exception>
    public static IReadOnlyList<(string Origin, CheckReport Report)> Run(string path, string? log, LogTrust trust, string? guardFolder = null, IProgress<long>? progress = null)
    {
        try
        {
            var logs = Logs(path).Where(name => log is null || name.Origin == log).ToList();
            return logs.Count == 0
                ? throw new LedgerDamagedException(log is null ? $"Nothing is in the ledger {path} yet." : $"There is no log {log} in {path}.")
                : [.. logs.Select(name => (name.Origin, Check(path, name, trust, guardFolder, progress)))];
        }
        catch (SqliteException e)
        {
            throw new LedgerDamagedException($"{path} is no ledger that can be read: {e.Message}", e);
        }
    }

    /// <summary>Of the file, ended epochs too.</summary>
    internal static IReadOnlyList<LogName> Logs(string path)
    {
        using var connection = LedgerFile.OpenForReading(path);
        return LogDirectory.All(connection);
    }

    private static CheckReport Check(string path, LogName name, LogTrust trust, string? guardFolder, IProgress<long>? progress)
    {
        using var reader = new LogReader(LedgerFile.OpenForReading(path), name);
        var report = LogCheck.Run(reader, trust with { Seen = [.. trust.Seen.Where(seen => Notes.Checkpoint.TryParse(seen.Text, out var head) && head.Origin == name.Origin)] }, progress);
        if (report.Result != CheckResult.Ok || guardFolder is null)
        {
            return report;
        }

        try
        {
            ForkCheck.Demand(reader, new ForkGuard(guardFolder));
            return report;
        }
        catch (LedgerDamagedException e)
        {
            return report with { Result = CheckResult.Consistency, Sentence = e.Message };
        }
    }
}
