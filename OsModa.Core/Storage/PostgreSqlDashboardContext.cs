using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace OsModa.Core.Storage;

/// <summary>The tables in PostgreSQL; its migrations are in <c>Migrations/PostgreSql</c>.</summary>
public sealed class PostgreSqlDashboardContext(DbContextOptions<PostgreSqlDashboardContext> options, Tenant tenant) : DashboardContext(options, tenant)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<InUtc>();
    }

    // A timestamptz holds no offset, and Npgsql refuses any but zero rather than lose it.
    private sealed class InUtc() : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), time => time);

    /// <summary>For <c>dotnet ef</c> only.</summary>
    internal sealed class AtDesignTime : IDesignTimeDbContextFactory<PostgreSqlDashboardContext>
    {
        public PostgreSqlDashboardContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<PostgreSqlDashboardContext>().UseNpgsql("Host=/nowhere").Options, Tenant.All);
    }
}
