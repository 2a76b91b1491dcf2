using Microsoft.Extensions.DependencyInjection;

namespace OsModa.Core.Servers;

public static class ServerServices
{
    /// <summary>The list of servers and the verbs on it.</summary>
    public static IServiceCollection AddServers(this IServiceCollection services) => services
        .AddSingleton<ServerDirectory>()
        .AddSingleton<AddServer>()
        .AddSingleton<ChangeServer>()
        .AddSingleton<RemoveServer>();
}
