using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger;

public static class LedgerServices
{
    /// <summary>The audit ledger. Once the data folder is held, the host runs <see cref="Publisher.RunAsync"/> as long as it lives.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services, LedgerSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<LedgerStore>()
        .AddSingleton<Publisher>()
        .AddSingleton<LedgerQueries>()
        .AddSingleton<LedgerWriter>()
        .AddSingleton<BeginLedgerEpoch>()
        .AddSingleton<ExportLedger>()
        .AddSingleton<CheckExport>();
}
