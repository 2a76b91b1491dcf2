using Microsoft.Extensions.DependencyInjection;

namespace OsModa.Core.Storage;

public static class StorageServices
{
    /// <summary>The database of these settings; <see cref="DatabaseStart"/> has to run before anything else uses it.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<Database>()
        .AddSingleton<DatabaseStart>();
}
