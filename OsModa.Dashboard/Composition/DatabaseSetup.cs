using Microsoft.AspNetCore.DataProtection;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Composition;

internal static class DatabaseSetup
{
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("Storage").Get<StorageSettings>() ?? new StorageSettings();
        _ = Task.Run(() => Database.MakeModel(settings));    // beside all that is put together meanwhile
        builder.Services.AddStorage(settings);
        // Held from the first request of the container on and let go with it, so from before the database is opened.
        builder.Services.AddSingleton(_ => DataFolder.Hold(settings));
        // It warns at each new key that nothing encrypts it at rest: the folder is ours alone, and a key to encrypt it with would lie beside it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        builder.Services.AddDataProtection()
            .SetApplicationName("osModa Dashboard")
            .PersistKeysToFileSystem(new DirectoryInfo(settings.KeyFolder));
    }

    /// <exception cref="StartRefusedException">It must not start on this data.</exception>
    public static async Task PrepareDataAsync(this WebApplication app)
    {
        app.Services.GetRequiredService<DataFolder>();
        await app.Services.GetRequiredService<DatabaseStart>().RunAsync(app.Lifetime.ApplicationStopping);
        app.PrepareConnections();
        await app.SeedDemoAsync();
    }
}
