using Microsoft.Extensions.DependencyInjection;

namespace OsModa.Core.Comparison;

public static class ComparisonServices
{
    public static IServiceCollection AddComparison(this IServiceCollection services) => services.AddSingleton<ComparisonPlaces>().AddSingleton<CompareSystems>().AddSingleton<CompareServers>();
}
