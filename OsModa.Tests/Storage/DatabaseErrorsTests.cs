using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Storage;

/// <summary>What whoever waits for a better time has to catch, as the two databases throw it.</summary>
public sealed class DatabaseErrorsTests
{
    [Fact]
    public async Task A_PostgreSQL_that_is_not_there_is_trouble_whatever_is_asked_of_it()
    {
        var nobody = new DbContextOptionsBuilder<DbContext>().UseNpgsql("Host=127.0.0.1;Port=9;Database=x;Username=x;Timeout=1").Options;
        await using var context = new DbContext(nobody);

        var query = await Assert.ThrowsAnyAsync<Exception>(() => context.Database.SqlQuery<int>($"SELECT 1 AS \"Value\"").ToListAsync(TestContext.Current.CancellationToken));
        var command = await Assert.ThrowsAnyAsync<Exception>(() => context.Database.ExecuteSqlAsync($"SELECT 1", TestContext.Current.CancellationToken));

        Assert.All([query, command], failed => Assert.True(failed.IsDatabaseTrouble(), failed.ToString()));
    }

    [Fact]
    public async Task A_SQLite_file_that_cannot_be_opened_is_trouble()
    {
        await using var connection = new SqliteConnection("Data Source=/nowhere/at/all.db");
        Assert.True((await Assert.ThrowsAnyAsync<Exception>(connection.OpenAsync)).IsDatabaseTrouble());
    }

    [Fact]
    public void A_fault_of_ours_is_none()
    {
        Assert.False(new InvalidOperationException("two threads").IsDatabaseTrouble());
        Assert.False(new InvalidOperationException("wrapped", new FormatException()).IsDatabaseTrouble());
    }
}
