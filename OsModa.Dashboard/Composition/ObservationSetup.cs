using OsModa.Core.Observation;

namespace OsModa.Dashboard.Composition;

internal static class ObservationSetup
{
    public static void AddServerObservation(this WebApplicationBuilder builder)
    {
        builder.Services.AddObservation();
        builder.Services.AddHostedService<Watching>();
    }

    /// <summary>Watches all servers as long as the dashboard runs.</summary>
    private sealed class Watching(ObserverHost host) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => host.RunAsync(stoppingToken);
    }
}
