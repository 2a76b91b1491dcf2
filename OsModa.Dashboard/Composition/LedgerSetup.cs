using System.Globalization;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Backups;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Composition;

/// <summary>The audit ledger. Settings <c>Ledger:GuardFolder</c>, <c>Ledger:Host</c>, <c>Ledger:KeepDays</c>, <c>Ledger:BackupFolder</c>, <c>Ledger:Witnesses</c>, <c>Ledger:WitnessFor</c> and <c>Ledger:Timestamps</c>.</summary>
internal static class LedgerSetup
{
    private const int LeastDays = 7;
    private const int MostDays = 36_500;

    public static void AddAuditLedger(this WebApplicationBuilder builder)
    {
        var storage = builder.Configuration.GetSection("Storage").Get<StorageSettings>() ?? new StorageSettings();
        var section = builder.Configuration.GetSection("Ledger");
        var settings = LedgerSettings.In(storage, LedgerHost.Choose(storage, section["Host"]), GuardPlace.Choose(storage, section["GuardFolder"])) with
        {
            KeepFor = KeepFor(section["KeepDays"]),
            BackupFolder = string.IsNullOrWhiteSpace(section["BackupFolder"]) ? null : Path.GetFullPath(section["BackupFolder"]!),
        };
        builder.Services.AddLedger(settings, Witnesses(section), Timestamps(section.GetSection("Timestamps")));
        builder.Services.AddHostedService<Keeping>();
        builder.Services.AddHostedService<Covering>();
        builder.Services.AddHostedService<Vouching>();
        builder.Services.AddHostedService<Stamping>();
        builder.Services.AddHostedService<Signing>();
    }

    private static TimeSpan? KeepFor(string? days) =>
        string.IsNullOrWhiteSpace(days) ? null
        : int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= LeastDays and <= MostDays ? TimeSpan.FromDays(number)
        : throw new StartRefusedException($"Ledger:KeepDays is '{days}', and has to be a number of days from {LeastDays} to {MostDays}. Without it everything is kept.");

    private static WitnessSettings Witnesses(IConfiguration section) => WitnessSettings.Parse(
        section.GetSection("Witnesses").GetChildren().Select(static witness => (witness["Url"], witness["Key"])),
        section.GetSection("WitnessFor").GetChildren().Select(static log => log.Value));

    private static TimestampSettings Timestamps(IConfiguration stamps) => TimestampSettings.Parse(stamps["Url"], stamps["Name"], stamps["Certificates"], stamps["Every"]);

    /// <summary>Drops what is too old and makes backups, where the settings ask for it, and checks everything at night, as long as the dashboard runs.</summary>
    private sealed class Keeping(Retention retention, DailyBackup backup, NightlyCheck nightly, TellSettings settings, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => Task.WhenAll(settings.RunAsync(), retention.RunAsync(stoppingToken), backup.RunAsync(stoppingToken), nightly.RunAsync(stoppingToken));
    }

    /// <summary>Writes down what servers' own chains do not tell of, as long as the dashboard runs.</summary>
    private sealed class Covering(TellNotAudited telling, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => telling.RunAsync(stoppingToken);
    }

    /// <summary>Sends what was signed to the witnesses, as long as the dashboard runs.</summary>
    private sealed class Vouching(WitnessClient client, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => client.RunAsync(stoppingToken);
    }

    /// <summary>Has what was signed time-stamped, as long as the dashboard runs.</summary>
    private sealed class Stamping(TimestampClient client, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => client.RunAsync(stoppingToken);
    }

    /// <summary>Signs what has been written, as long as the dashboard runs.</summary>
    private sealed class Signing(Publisher publisher, LedgerSettings settings, ILogger<Publisher> log, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken)
        {
            if (settings.IsGuardWithin)
            {
                log.LogWarning("The newest signed head of the ledger is kept in {Folder}, within the data folder: who restores that from a backup restores this with it. Name a folder on another disk with Ledger__GuardFolder", settings.GuardFolder);
            }

            return publisher.RunAsync(stoppingToken);
        }
    }
}
