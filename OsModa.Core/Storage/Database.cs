using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
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
    private static readonly Lazy<IModel> SqliteModel = new(() => ModelOf(new SqliteDashboardContext(Options<SqliteDashboardContext>(null).UseSqlite().Options, Tenant.None)));
    private static readonly Lazy<IModel> PostgreSqlModel = new(() => ModelOf(new PostgreSqlDashboardContext(Options<PostgreSqlDashboardContext>(null).UseNpgsql().Options, Tenant.None)));
    private readonly StorageSettings _settings;
    private readonly Lazy<DbContextOptions> _options;

    /// <param name="settings">Where it is.</param>
    /// <param name="logs">For what the database says of itself.</param>
    /// <param name="interceptors">Hear each command, beside what the kind of database needs by itself.</param>
    public Database(StorageSettings settings, ILoggerFactory? logs = null, IEnumerable<IInterceptor>? interceptors = null)
    {
        IInterceptor[] others = [.. interceptors ?? []];
        _settings = settings;
        _options = new(() => settings.PostgreSql is { } connection
            ? Options<PostgreSqlDashboardContext>(logs).UseNpgsql(connection).AddInterceptors(others).UseModel(PostgreSqlModel.Value).Options
            : Options<SqliteDashboardContext>(logs).UseSqlite(ConnectionTo(settings.SqliteFile)).AddInterceptors([Pragmas, .. others]).UseModel(SqliteModel.Value).Options);
    }

    /// <summary>Makes the model of the tables, half a second's work that needs no database, once in a process. Whoever opens a context before it is done waits for it.</summary>
    public static void MakeModel(StorageSettings settings) => _ = settings.PostgreSql is null ? SqliteModel.Value : PostgreSqlModel.Value;

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

    private static IModel ModelOf(DashboardContext context)
    {
        using (context)
        {
            return context.Model;
        }
    }

    private DashboardContext Open(Tenant tenant) => _settings.PostgreSql is null
        ? new SqliteDashboardContext((DbContextOptions<SqliteDashboardContext>)_options.Value, tenant)
        : new PostgreSqlDashboardContext((DbContextOptions<PostgreSqlDashboardContext>)_options.Value, tenant);

    private static string ConnectionTo(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.GetFullPath(file),
        ForeignKeys = true,
        DefaultTimeout = 5,
    }.ToString();
}
