using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Core.Observation;

public static class ObservationServices
{
    /// <summary>
    /// The observation of all servers. Needs the storage, the connections, the operations' way to a shell, and a TimeProvider. Once the database is up to
    /// date, the host runs <see cref="ObserverHost.RunAsync"/> as long as it lives.
    /// </summary>
    public static IServiceCollection AddObservation(this IServiceCollection services)
    {
        services.TryAddSingleton<Fleet>();
        return services
            .AddSingleton<GenerationArchive>()
            .AddSingleton<ObserverHost>()
            .AddSingleton<AcceptChain>()
            .AddSingleton<AnnounceReinstall>()
            .AddSingleton<Coverage>()
            .AddSingleton<TellNotAudited>()
            .AddSingleton<LoadHistory>()
            .AddSingleton<HeadPlanting>()
            .AddSingleton<JournalTail>();
    }
}
