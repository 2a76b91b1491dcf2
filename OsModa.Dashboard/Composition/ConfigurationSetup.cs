using OsModa.Core.Configuration;

namespace OsModa.Dashboard.Composition;

internal static class ConfigurationSetup
{
    public static void AddServerConfiguration(this WebApplicationBuilder builder)
    {
        builder.Services.AddConfiguration();
        builder.Services.AddHostedService<Fetching>();
    }

    /// <summary>Fetches from the customers' own repositories as long as the dashboard runs.</summary>
    private sealed class Fetching(RemoteWatch watch, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => watch.RunAsync(stoppingToken);
    }
}
