using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;
using OsModa.Tests.Ledger;
using Xunit;

namespace OsModa.Tests.Storage;

public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}

/// <summary>An empty database of the newest schema, gone when disposed.</summary>
public sealed class TemporaryDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> MigratedFile = new(MigrateFileAsync);
    private static readonly Lazy<Task<string>> MigratedDatabase = new(MigrateDatabaseAsync);
    private readonly DirectoryInfo _folder;
    private readonly Lazy<TestLedger> _ledger;

    private TemporaryDatabase(DirectoryInfo folder, StorageSettings settings)
    {
        _folder = folder;
        Settings = settings;
        _ledger = new Lazy<TestLedger>(() => new TestLedger(folder.FullName));
        Database = new Database(settings);
    }

    /// <summary>Both kinds, for theories.</summary>
    public static TheoryData<DatabaseKind> Kinds => [DatabaseKind.Sqlite, DatabaseKind.PostgreSql];

    public StorageSettings Settings { get; }

    public Database Database { get; }

    /// <summary>In the same folder, made when it is first asked for.</summary>
    public LedgerWriter Ledger => _ledger.Value.Writer;

    /// <summary>What is in it, newest first.</summary>
    public IReadOnlyList<Core.Ledger.Reading.LedgerLine> LedgerOf(Guid organisation) => _ledger.Value.Queries.Page(organisation, Core.Ledger.Reading.LedgerFilter.Everything).Lines;

    private static PostgreSqlCluster Cluster => (PostgreSqlCluster)TestContext.Current.GetFixture(typeof(PostgreSqlCluster)).AsTask().GetAwaiter().GetResult()!;

    /// <summary>With the newest schema, copied from one that was migrated once.</summary>
    public static async Task<TemporaryDatabase> OpenAsync(DatabaseKind kind = DatabaseKind.Sqlite)
    {
        if (kind == DatabaseKind.PostgreSql)
        {
            var template = await MigratedDatabase.Value;
            return await EmptyAsync(kind, template);
        }

        var database = await EmptyAsync(kind);
        File.Copy(await MigratedFile.Value, database.Settings.SqliteFile);
        return database;
    }

    /// <summary>Without any table.</summary>
    public static async Task<TemporaryDatabase> EmptyAsync(DatabaseKind kind, string template = "template0")
    {
        var folder = Directory.CreateTempSubdirectory("osmoda-db-");
        if (kind == DatabaseKind.Sqlite)
        {
            return new TemporaryDatabase(folder, new StorageSettings { Folder = folder.FullName });
        }

        var name = folder.Name.Replace('-', '_').ToLowerInvariant();
        await Cluster.ExecuteAsync($"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
        return new TemporaryDatabase(folder, new StorageSettings { Folder = folder.FullName, PostgreSql = await Cluster.ConnectionAsync(name) });
    }

    public Task StartAsync() => new DatabaseStart(Settings, Database, NullLogger<DatabaseStart>.Instance).RunAsync(TestContext.Current.CancellationToken);

    /// <summary>An organisation with somebody in it who may do this much.</summary>
    public async Task<Caller> CallerAsync(Role role = Role.Owner, Guid? organisation = null)
    {
        await using var context = Database.OpenForAll();
        var id = organisation ?? Guid.CreateVersion7();
        var person = new Person { Id = Guid.CreateVersion7(), Name = $"A {role}", UserName = $"{Guid.NewGuid():N}@example.org", SecurityStamp = "stamp" };
        person.NormalizedUserName = person.UserName.ToUpperInvariant();
        if (organisation is null)
        {
            context.Organisations.Add(new Organisation { Id = id, Name = $"Organisation {id}", CreatedAt = DateTimeOffset.UnixEpoch });
        }

        context.Users.Add(person);
        context.Memberships.Add(new Membership { PersonId = person.Id, OrganisationId = id, Role = role });
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        return new Caller(person.Id, person.Name, id, role);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ledger.IsValueCreated)
        {
            await _ledger.Value.DisposeAsync();
        }

        // A page that was left may still be reading, and makes files anew while they are deleted.
        for (var turn = 1; ; turn++)
        {
            try
            {
                SqliteConnection.ClearAllPools();
                _folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (turn < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    private static async Task<string> MigrateFileAsync()
    {
        var migrated = await EmptyAsync(DatabaseKind.Sqlite);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => migrated._folder.Delete(recursive: true);
        await migrated.StartAsync();
        await using var context = migrated.Database.OpenForAll();
        await context.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        return migrated.Settings.SqliteFile;
    }

    private static async Task<string> MigrateDatabaseAsync()
    {
        var migrated = await EmptyAsync(DatabaseKind.PostgreSql);
        await migrated.StartAsync();
        migrated._folder.Delete();
        return new Npgsql.NpgsqlConnectionStringBuilder(migrated.Settings.PostgreSql).Database!;
    }
}
