using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Backups;

/// <summary>Puts a verified backup into the folder of the setting <c>Ledger:BackupFolder</c> once a day and keeps the newest. One that failed is tried again with each look, and deletes no older one.</summary>
public sealed class DailyBackup(LedgerStore store, LedgerSettings settings, TimeProvider time, ILogger<DailyBackup> log)
{
    public const int Kept = 7;
    public static readonly TimeSpan Each = TimeSpan.FromHours(24);
    public static readonly TimeSpan Look = TimeSpan.FromMinutes(30);
    private const string Names = "ledger-*T*Z.db";

    public async Task RunAsync(CancellationToken stop)
    {
        if (settings.BackupFolder is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(Look, time);
        do
        {
            await Task.Run(() => RunOnce(), stop);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    /// <summary>Makes one when the newest is a day old.</summary>
    /// <returns>Where it is; null when none was made.</returns>
    public string? RunOnce()
    {
        try
        {
            var folder = Directory.CreateDirectory(settings.BackupFolder!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (store.Logs().Count == 0 || folder.GetFiles(Names).Any(file => time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc < Each))
            {
                return null;
            }

            var report = VerifiedBackup.Make(settings.File, folder.FullName, new LogTrust(settings.PublicKeys()), settings.GuardFolder, time.GetUtcNow());
            if (report.File is null)
            {
                log.LogCritical("The ledger was not backed up, because the copy does not verify: {Why}", string.Join(' ', report.Logs.Where(static one => one.Report.Result != CheckResult.Ok).Select(static one => $"{one.Origin}: {one.Report.Sentence}")));
                return null;
            }

            File.SetLastWriteTimeUtc(report.File, time.GetUtcNow().UtcDateTime);
            foreach (var old in folder.GetFiles(Names).OrderByDescending(static file => file.Name, StringComparer.Ordinal).Skip(Kept))
            {
                old.Delete();
            }

            return report.File;
        }
        catch (Exception e) when (e is LedgerDamagedException or IOException or UnauthorizedAccessException or FormatException)
        {
            log.LogCritical(e, "The ledger was not backed up to {Folder}", settings.BackupFolder);
            return null;
        }
    }
}
