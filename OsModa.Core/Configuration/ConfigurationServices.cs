using Microsoft.Extensions.DependencyInjection;

namespace OsModa.Core.Configuration;

public static class ConfigurationServices
{
    /// <summary>
    /// Repositories, options of servers, drafts, checks, deployments of what they built. At start, once the database is up to date, the host calls <see cref="CheckWatch.ResumeAsync"/>.
    /// </summary>
    public static IServiceCollection AddConfiguration(this IServiceCollection services) => services
        .AddSingleton<ConfigurationRepositories>()
        .AddSingleton<ServerSchemas>()
        .AddSingleton<Drafts>()
        .AddSingleton<CheckHistory>()
        .AddSingleton<CheckRows>()
        .AddSingleton<CopyClosure>()
        .AddSingleton<CheckWatch>()
        .AddSingleton<RunCheck>()
        .AddSingleton<AdoptServer>()
        .AddSingleton<Adopted>()
        .AddSingleton<DeployChecked>();
}
