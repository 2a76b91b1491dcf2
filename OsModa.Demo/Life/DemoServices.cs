using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Ssh;

namespace OsModa.Demo.Life;

public static class DemoServices
{
    /// <summary>The simulated fleet behind the seam of remote shells. Needs a TimeProvider, the storage, the fleet's states, the verbs on accounts and servers, the ledger, and the repositories of the configuration.</summary>
    public static IServiceCollection AddDemo(this IServiceCollection services, DemoSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<DemoFleet>()
        .AddSingleton<DemoSeed>()
        .AddSingleton<NewChains>()
        .AddSingleton<DemoColleague>()
        .AddSingleton<PastConfiguration>()
        .AddSingleton<SimulateServer>(static provider => provider.GetRequiredService<DemoFleet>().Shell)
        .AddSingleton<SimulateHostKeys>(static provider =>
        {
            var fleet = provider.GetRequiredService<DemoFleet>();
            return row => [fleet.HostKey(row.Id)];
        });
}
