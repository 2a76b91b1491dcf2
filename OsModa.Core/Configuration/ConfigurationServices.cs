using Microsoft.Extensions.DependencyInjection;

namespace OsModa.Core.Configuration;

public static class ConfigurationServices
{
    public static IServiceCollection AddConfiguration(this IServiceCollection services) => services
        .AddSingleton<ConfigurationRepositories>()
        .AddSingleton<ServerSchemas>()
        .AddSingleton<Drafts>();
}
