using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Backups;

/// <summary>
/// Copies a ledger.db, also while it is written, and calls the copy a backup only after every entry, hash and signature in it was checked. Until then it has another name; what stands in its place from
/// before is replaced in one step. What was redacted is not in the copy, not even in pages that are free.
/// </summary>
public static class VerifiedBackup
{
    /// <param name="from">The database.</param>
    /// <param name="to">A file; or a folder, where it gets a name with the time.</param>
    /// <param name="trust">What the copy has to hold against.</param>
    /// <param name="guardFolder">Where the newest signed heads are kept; null: nowhere.</param>
    /// <param name="now">For the name.</param>
    /// <param name="progress">Entries of the copy checked so far.</param>
    /// <exception cref="LedgerDamagedException">There is no ledger to copy.</exception>
    /// <exception cref="IOException">The copy cannot be written there.</exception>
    public static BackupReport Make(string from, string to, LogTrust trust, string? guardFolder, DateTimeOffset now, IProgress<long>? progress = null)
    {
        var target = Path.GetFullPath(Directory.Exists(to) ? Path.Combine(to, $"ledger-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.db") : to);
        var copy = $"{target}.unverified-{Guid.NewGuid():N}";
        try
        {
            // What was signed before the copy was begun has to be in it; more may be signed meanwhile.
            var (guard, there) = (guardFolder is null ? null : new ForkGuard(guardFolder), DatabaseCheck.Logs(from));
            var signed = there.ToDictionary(static log => log.Origin, log => Read(guard, log));
            var lost = Lost(guard, there);
            Copy(from, copy);
            var logs = Check(copy, trust, signed, lost, progress);
            LedgerFile.Forget(copy);
            if (logs.All(static log => log.Report.Result == CheckResult.Ok))
            {
                PutInPlace(copy, target);
                return new BackupReport(target, new FileInfo(target).Length, logs);
            }

            return new BackupReport(null, 0, logs);
        }
        catch (SqliteException e)
        {
            throw new LedgerDamagedException($"{from} could not be copied: {e.Message}", e);
        }
        finally
        {
            LedgerFile.Forget(copy);
            File.Delete(copy);
        }
    }

    // That it cannot be read is said of its log alone, when that one is checked.
    private static Func<Checkpoint?> Read(ForkGuard? guard, LogName log)
    {
        try
        {
            var head = guard?.Read(log);
            return () => head;
        }
        catch (Exception e) when (e is LedgerDamagedException or IOException or UnauthorizedAccessException)
        {
            return () => throw new LedgerDamagedException(e.Message, e);
        }
    }

    // Later epochs of each organisation's newest log that the database does not have.
    private static Dictionary<string, IReadOnlyList<LogName>> Lost(ForkGuard? guard, IReadOnlyList<LogName> logs) =>
        logs.GroupBy(static log => log.Tenant).Select(static epochs => epochs.MaxBy(static log => log.Epoch)!).ToDictionary(static log => log.Origin, log => guard?.Later(log) ?? []);

    private static void Copy(string from, string to)
    {
        using var connection = LedgerFile.OpenForReading(from);
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO ?1";
        command.CommandTimeout = 0;    // as long as it takes: nobody waits for it
        command.Parameters.AddWithValue("?1", to);
        command.ExecuteNonQuery();
        File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static List<BackupLog> Check(string copy, LogTrust trust, Dictionary<string, Func<Checkpoint?>> signed, Dictionary<string, IReadOnlyList<LogName>> lost, IProgress<long>? progress)
    {
        Whole(copy);
        var reports = DatabaseCheck.Run(copy, null, trust, log => signed.GetValueOrDefault(log.Origin)?.Invoke(), progress, log => lost.GetValueOrDefault(log.Origin) ?? []);
        var heads = DatabaseCheck.Logs(copy).ToDictionary(static log => log.Origin, log => NewestHead(copy, log));
        return [.. reports.Select(one => new BackupLog(one.Origin, one.Report, heads.GetValueOrDefault(one.Origin)))];
    }

    private static Checkpoint? NewestHead(string copy, LogName log)
    {
        using var reader = new LogReader(LedgerFile.OpenForReading(copy), log);
        return Checkpoint.TryParse(reader.NewestCheckpoint()?.Note?.Text, out var head) ? head : null;
    }

    // What is not evidence is not covered by hashes: where servers' journals were left, how their chains stand.
    private static void Whole(string copy)
    {
        using var connection = LedgerFile.OpenForReading(copy);
        if (connection.Ask<string>("PRAGMA integrity_check(1)") is var said && said != "ok")
        {
            throw new LedgerDamagedException($"The copy is damaged: {said}.");
        }
    }

    // The name says that it is good, so everything under it is on the disk first.
    private static void PutInPlace(string copy, string target)
    {
        using (var file = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        File.Move(copy, target, overwrite: true);
        DurableFolder.Sync(Path.GetDirectoryName(target)!);
    }
}

/// <param name="File">Where the backup is; null: the copy did not verify, and there is none.</param>
/// <param name="Bytes">How large.</param>
/// <param name="Logs">What was found in the copy.</param>
public sealed record BackupReport(string? File, long Bytes, IReadOnlyList<BackupLog> Logs);

/// <param name="Origin">Of the log.</param>
/// <param name="Report">What checking the copy gave.</param>
/// <param name="Head">The newest signed head in the copy; null for none.</param>
public sealed record BackupLog(string Origin, CheckReport Report, Checkpoint? Head);
