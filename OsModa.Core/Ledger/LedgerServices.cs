using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Ledger.Backups;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Core.Ledger;

public static class LedgerServices
{
    /// <summary>The audit ledger. Once the data folder is held, the host runs <see cref="Publisher.RunAsync"/> as long as it lives.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services, LedgerSettings settings, WitnessSettings witnesses, TimestampSettings? timestamps = null) => services
        .AddSingleton(settings)
        .AddSingleton(witnesses)
        .AddSingleton(timestamps ?? TimestampSettings.None)
        .AddSingleton<LedgerStore>()
        .AddSingleton<Publisher>()
        .AddSingleton<LedgerQueries>()
        .AddSingleton<Witness>()
        .AddSingleton(services => ActivatorUtilities.CreateInstance<WitnessClient>(services, new HttpClient()))
        .AddSingleton(services => ActivatorUtilities.CreateInstance<TimestampClient>(services, TimestampAuthority.NewClient()))
        .AddSingleton<TimestampStanding>()
        .AddSingleton<StampLedger>()
        .AddSingleton<LedgerWriter>()
        .AddSingleton<BeginLedgerEpoch>()
        .AddSingleton<RotateLedgerKey>()
        .AddSingleton<RedactEntry>()
        .AddSingleton<Retention>()
        .AddSingleton<DailyBackup>()
        .AddSingleton<NightlyCheck>()
        .AddSingleton<TellSettings>()
        .AddSingleton<ExportLedger>()
        .AddSingleton<CheckExport>();
}
