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

    /// <summary>How it stands, for the page.</summary>
    public BackupState State { get; private set; } = new(settings.BackupFolder is not null, null, null, null);

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
            var newest = folder.GetFiles(Names).Select(static file => (DateTimeOffset?)file.LastWriteTimeUtc).Max();
            State = State with { At = newest };
            if (store.Logs().Count == 0 || time.GetUtcNow() - newest < Each)
            {
                return null;
            }

            var report = VerifiedBackup.Make(settings.File, folder.FullName, new LogTrust(settings.PublicKeys()), settings.GuardFolder, time.GetUtcNow());
            if (report.File is null)
            {
                // Of other organisations' logs no page may tell: what is wrong in one is on its own page.
                log.LogCritical("The ledger was not backed up, because the copy does not verify: {Why}", string.Join(' ', report.Logs.Where(static one => one.Report.Result != CheckResult.Ok).Select(static one => $"{one.Origin}: {one.Report.Sentence}")));
                return Failed("The copy does not verify. Older backups were kept.");
            }

            File.SetLastWriteTimeUtc(report.File, time.GetUtcNow().UtcDateTime);
            State = new BackupState(true, time.GetUtcNow(), null, null);
            foreach (var old in folder.GetFiles(Names).OrderByDescending(static file => file.Name, StringComparer.Ordinal).Skip(Kept))
            {
                old.Delete();
            }

            return report.File;
        }
        catch (Exception e) when (e is LedgerDamagedException or IOException or UnauthorizedAccessException or FormatException)
        {
            log.LogCritical(e, "The ledger was not backed up to {Folder}", settings.BackupFolder);
            return Failed(e is LedgerDamagedException ? "The ledger cannot be copied. The log of the dashboard says why." : "The folder for backups cannot be written. The log of the dashboard says why.");
        }
    }

    private string? Failed(string why)
    {
        State = State with { Trouble = why, TroubleSince = State.TroubleSince ?? time.GetUtcNow() };
        return null;
    }
}

/// <param name="Wanted">The settings name a folder for them.</param>
/// <param name="At">When the newest was made; null: none is there, or nobody has looked yet.</param>
/// <param name="Trouble">Why the last attempt made none, in a sentence; null when it did.</param>
/// <param name="TroubleSince">When attempts began to fail.</param>
public sealed record BackupState(bool Wanted, DateTimeOffset? At, string? Trouble, DateTimeOffset? TroubleSince);
