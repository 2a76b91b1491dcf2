using Microsoft.Extensions.DependencyInjection;

namespace OsModa.Core.Configuration;

public static class ConfigurationServices
{
    /// <summary>
    /// Repositories, checks, deployments of what they built. At start, once the database is up to date, the host calls <see cref="CheckWatch.ResumeAsync"/>.
    /// </summary>
    public static IServiceCollection AddConfiguration(this IServiceCollection services) => services
        .AddSingleton<ConfigurationRepositories>()
        .AddSingleton<CheckHistory>()
        .AddSingleton<CheckRows>()
        .AddSingleton<CopyClosure>()
        .AddSingleton<CheckWatch>()
        .AddSingleton<RunCheck>()
        .AddSingleton<AdoptServer>()
        .AddSingleton<DeployChecked>();
}
