using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace OsModa.Core.Storage;

/// <summary>The tables in SQLite; its migrations are in <c>Migrations/Sqlite</c>.</summary>
public sealed class SqliteDashboardContext(DbContextOptions<SqliteDashboardContext> options, Tenant tenant) : DashboardContext(options, tenant)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<SortableText>();
    }

    // SQLite has no type for points in time. UTC of one width sorts as text, and is legible in the sqlite3 shell.
    private sealed class SortableText() : ValueConverter<DateTimeOffset, string>(
        time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    /// <summary>For <c>dotnet ef</c> only.</summary>
    internal sealed class AtDesignTime : IDesignTimeDbContextFactory<SqliteDashboardContext>
    {
        public SqliteDashboardContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqliteDashboardContext>().UseSqlite("Data Source=:memory:").Options, Tenant.All);
    }
}
