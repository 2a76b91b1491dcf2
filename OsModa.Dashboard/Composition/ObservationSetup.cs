using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Composition;

internal static class ObservationSetup
{
    public static void AddServerObservation(this WebApplicationBuilder builder)
    {
        builder.Services.AddObservation();
        builder.Services.AddHostedService<Watching>();
        builder.Services.AddHostedService<Sampling>();
        if (builder.Configuration.GetValue("Ledger:PlantHeads", true))
        {
            builder.Services.AddHostedService<Planting>();
        }
    }

    /// <summary>Leaves signed heads of the ledgers on the servers, as long as the dashboard runs. Setting <c>Ledger:PlantHeads</c>.</summary>
    private sealed class Planting(HeadPlanting heads, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => heads.RunAsync(stoppingToken);
    }

    /// <summary>Keeps the last hour of every server's load.</summary>
    private sealed class Sampling(LoadHistory history, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => history.RunAsync(stoppingToken);
    }

    /// <summary>Watches all servers as long as the dashboard runs.</summary>
    private sealed class Watching(ObserverHost host, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => host.RunAsync(stoppingToken);
    }
}
