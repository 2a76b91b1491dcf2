using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Tests.Storage;

/// <summary>A database with all tables and no rows. It is made once and copied: the migrations take longer than most tests.</summary>
internal static class EmptyDatabase
{
    private static readonly Lazy<Task<string>> Template = new(MakeAsync);

    /// <summary>Puts one into a folder.</summary>
    public static async Task<Database> InAsync(string folder)
    {
        var settings = new StorageSettings { Folder = folder };
        File.Copy(await Template.Value, settings.SqliteFile);
        return new Database(settings);
    }

    private static async Task<string> MakeAsync()
    {
        var settings = new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-template-").FullName };
        var context = new Database(settings).OpenForAll();
        await using (context)
        {
            await context.Database.MigrateAsync();
        }

        // The last connection to close takes the write-ahead log into the file.
        SqliteConnection.ClearAllPools();
        return settings.SqliteFile;
    }
}
