using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Composition;

/// <summary>The audit ledger. Settings <c>Ledger:GuardFolder</c> and <c>Ledger:Host</c>.</summary>
internal static class LedgerSetup
{
    private const string GuardWithin = "last-signed";

    public static void AddAuditLedger(this WebApplicationBuilder builder)
    {
        var storage = builder.Configuration.GetSection("Storage").Get<StorageSettings>() ?? new StorageSettings();
        var section = builder.Configuration.GetSection("Ledger");
        var settings = LedgerSettings.In(storage, section["Host"], section["GuardFolder"]);
        builder.Services.AddLedger(string.IsNullOrWhiteSpace(section["GuardFolder"]) && !CanBeMade(settings.GuardFolder)
            ? settings with { GuardFolder = Path.Combine(Path.GetFullPath(storage.Folder), GuardWithin) }
            : settings);
        builder.Services.AddHostedService<Signing>();
    }

    // In a container the data folder is often all that may be written.
    private static bool CanBeMade(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Signs what has been written, as long as the dashboard runs.</summary>
    private sealed class Signing(Publisher publisher, LedgerSettings settings, StorageSettings storage, ILogger<Publisher> log) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            if (Path.GetFullPath(settings.GuardFolder).StartsWith(Path.GetFullPath(storage.Folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                log.LogWarning("The newest signed head of the ledger is kept in {Folder}, within the data folder: who restores that from a backup restores this with it. Name a folder on another disk with Ledger__GuardFolder", settings.GuardFolder);
            }

            return publisher.RunAsync(stoppingToken);
        }
    }
}
