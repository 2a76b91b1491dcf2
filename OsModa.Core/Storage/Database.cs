using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using OsModa.Core.Accounts;

namespace OsModa.Core.Storage;

/// <summary>
/// Opens the database, always for somebody: for one organisation, whose rows alone can then be read or written, or openly
/// for all of them, which is for work without a caller such as the observer's. Contexts are cheap; open one per unit of work.
/// </summary>
public sealed class Database
{
    private static readonly SqlitePragmas Pragmas = new();
    private readonly StorageSettings _settings;
    private readonly DbContextOptions _options;

    public Database(StorageSettings settings, ILoggerFactory? logs = null)
    {
        _settings = settings;
        _options = settings.PostgreSql is { } connection
            ? Options<PostgreSqlDashboardContext>(logs).UseNpgsql(connection).Options
            : Options<SqliteDashboardContext>(logs).UseSqlite(ConnectionTo(settings.SqliteFile)).AddInterceptors(Pragmas).Options;
    }

    /// <summary>For a person's own organisation.</summary>
    public DashboardContext OpenFor(Caller caller) => OpenFor(caller.OrganisationId);

    /// <summary>For one organisation.</summary>
    public DashboardContext OpenFor(Guid organisationId) => Open(new Tenant(organisationId));

    /// <summary>For all organisations: background work, and finding out which ones a person belongs to.</summary>
    public DashboardContext OpenForAll() => Open(Tenant.All);

    /// <summary>For no organisation: people, who belong to none by themselves.</summary>
    public DashboardContext OpenForNone() => Open(Tenant.None);

    // Whether the migrations make the model is for the tests to see: at each start it would cost a quarter of a second.
    private static DbContextOptionsBuilder<T> Options<T>(ILoggerFactory? logs)
        where T : DashboardContext =>
        new DbContextOptionsBuilder<T>().UseLoggerFactory(logs).ConfigureWarnings(static warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));

    private DashboardContext Open(Tenant tenant) => _settings.PostgreSql is null
        ? new SqliteDashboardContext((DbContextOptions<SqliteDashboardContext>)_options, tenant)
        : new PostgreSqlDashboardContext((DbContextOptions<PostgreSqlDashboardContext>)_options, tenant);

    private static string ConnectionTo(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.GetFullPath(file),
        ForeignKeys = true,
        DefaultTimeout = 5,
    }.ToString();
}
