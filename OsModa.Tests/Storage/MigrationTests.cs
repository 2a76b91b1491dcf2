using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Storage;

public sealed class MigrationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task An_empty_database_gets_every_table_and_starting_again_changes_nothing(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.EmptyAsync(kind);

        await temporary.StartAsync();
        await temporary.StartAsync();

        await using var context = temporary.Database.OpenForAll();
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(Stop));
        Assert.Equal(0, await context.Servers.CountAsync(Stop));
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task The_migrations_make_what_the_model_says(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.EmptyAsync(kind);
        await using var context = temporary.Database.OpenForAll();

        Assert.False(context.Database.HasPendingModelChanges(), "The model changed: OsModa.Core/Storage/add-migration NAME");
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task A_database_of_a_newer_version_is_not_touched(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        await using (var context = temporary.Database.OpenForAll())
        {
            await context.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_FromTheFuture', '99.0')", Stop);
        }

        var refused = await Assert.ThrowsAsync<StartRefusedException>(temporary.StartAsync);

        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
        Assert.Contains("29990101000000_FromTheFuture", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]      // the header
    [InlineData(4096 * 3 + 2)]    // a page's own header
    public async Task A_damaged_file_is_refused_with_words(int at)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync();
        var bytes = await File.ReadAllBytesAsync(temporary.Settings.SqliteFile, Stop);
        bytes.AsSpan(at, 64).Fill(0xA5);
        await File.WriteAllBytesAsync(temporary.Settings.SqliteFile, bytes, Stop);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(temporary.StartAsync);

        Assert.Contains("Restore it from a backup", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_was_killed_half_way_is_made_again_and_has_its_name_only_when_it_is_whole()
    {
        await using var temporary = await TemporaryDatabase.OpenAsync();
        var caller = await temporary.CallerAsync();
        var backup = Path.Combine(temporary.Settings.Folder, "dashboard-before-upgrade-1.db");
        await File.WriteAllTextAsync(backup + ".new", "half of one", Stop);
        await using (var context = temporary.Database.OpenForAll())
        {
            await DatabaseStart.KeepAsync(context, backup, Stop);
        }

        Assert.False(File.Exists(backup + ".new"));
        await using var copy = new SqliteConnection($"Data Source={backup};Mode=ReadOnly;Pooling=False");
        await copy.OpenAsync(Stop);
        await using var ask = copy.CreateCommand();
        ask.CommandText = "SELECT Name FROM Organisations";
        Assert.Equal($"Organisation {caller.OrganisationId}", await ask.ExecuteScalarAsync(Stop));
    }

    [Fact]
    public async Task A_backup_that_cannot_be_written_keeps_the_dashboard_from_starting()
    {
        await using var temporary = await TemporaryDatabase.OpenAsync();
        var backup = Path.Combine(temporary.Settings.Folder, "dashboard-before-upgrade-1.db");
        Directory.CreateDirectory(backup);
        await using var context = temporary.Database.OpenForAll();

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => DatabaseStart.KeepAsync(context, backup, Stop));

        Assert.Contains("nothing was changed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_words()
    {
        await using var temporary = await TemporaryDatabase.EmptyAsync(DatabaseKind.Sqlite);
        await File.WriteAllTextAsync(temporary.Settings.SqliteFile, string.Concat(Enumerable.Repeat("not a database ", 1000)), Stop);

        await Assert.ThrowsAsync<StartRefusedException>(temporary.StartAsync);
    }

    [Fact]
    public async Task A_PostgreSQL_that_is_not_there_is_refused_with_words()
    {
        var settings = new StorageSettings { PostgreSql = "Host=/nowhere;Username=nobody;Timeout=1" };
        var start = new DatabaseStart(settings, new Database(settings), Microsoft.Extensions.Logging.Abstractions.NullLogger<DatabaseStart>.Instance);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => start.RunAsync(Stop));

        Assert.Contains("Storage__PostgreSql", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task A_server_comes_back_as_it_was_stored(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        var caller = await temporary.CallerAsync();
        var accepted = new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.FromHours(2));
        var server = new Server
        {
            Id = ServerId.New(), OrganisationId = caller.OrganisationId, Name = "web1", Address = "web1.example.org", Login = "root",
            AddedAt = accepted, Tags = ["production", "eu"], JumpThrough = ServerId.New(),
            HostKeys = [new PinnedHostKey { Type = "ssh-ed25519", Key = "AAAA", Fingerprint = "SHA256:x", AcceptedAt = accepted, AcceptedBy = "Ada" }],
        };
        await using (var context = temporary.Database.OpenFor(caller))
        {
            context.Servers.Add(server);
            await context.SaveChangesAsync(Stop);
        }

        await using var again = temporary.Database.OpenFor(caller);
        var read = await again.Servers.SingleAsync(s => s.Id == server.Id, Stop);

        Assert.Equal(["production", "eu"], read.Tags);
        Assert.Equal(server.JumpThrough, read.JumpThrough);
        Assert.Equal(accepted, read.AddedAt);
        Assert.Equal((accepted, "Ada"), (read.HostKeys[0].AcceptedAt, read.HostKeys[0].AcceptedBy));
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task One_operation_of_a_server_runs_at_a_time(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        var caller = await temporary.CallerAsync();
        var server = ServerId.New();
        var first = Intent(caller, server);
        await AddAsync(temporary, caller, first);

        var second = await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(temporary, caller, Intent(caller, server)));
        Assert.True(second.IsDuplicate());
        await AddAsync(temporary, caller, Intent(caller, ServerId.New()));
        await using (var context = temporary.Database.OpenFor(caller))
        {
            (await context.Operations.SingleAsync(o => o.Id == first.Id, Stop)).State = OperationState.Verified;
            await context.SaveChangesAsync(Stop);
        }

        await AddAsync(temporary, caller, Intent(caller, server));
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task Points_in_time_are_compared_and_sorted_by_the_database(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        var caller = await temporary.CallerAsync();
        var noon = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        foreach (var minutes in new[] { 30, -90, 10 })
        {
            var operation = Intent(caller, ServerId.New(), noon.AddMinutes(minutes).ToOffset(TimeSpan.FromHours(minutes > 0 ? 5 : -7)));
            await AddAsync(temporary, caller, operation);
        }

        await using var context = temporary.Database.OpenFor(caller);
        var found = await context.Operations.Where(o => o.StartedAt > noon).OrderByDescending(o => o.StartedAt).Select(o => o.StartedAt).ToListAsync(Stop);

        Assert.Equal([noon.AddMinutes(30), noon.AddMinutes(10)], found);
    }

    [Fact]
    public async Task Writers_of_one_file_wait_for_each_other()
    {
        await using var temporary = await TemporaryDatabase.OpenAsync();
        var caller = await temporary.CallerAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => AddAsync(temporary, caller, Intent(caller, ServerId.New())), Stop)));

        await using var context = temporary.Database.OpenFor(caller);
        Assert.Equal(50, await context.Operations.CountAsync(Stop));
    }

    private static async Task AddAsync(TemporaryDatabase temporary, Caller caller, Operation operation)
    {
        await using var context = temporary.Database.OpenFor(caller);
        context.Operations.Add(operation);
        await context.SaveChangesAsync(Stop);
    }

    private static Operation Intent(Caller caller, ServerId server, DateTimeOffset? at = null) => new()
    {
        Id = Guid.CreateVersion7(), OrganisationId = caller.OrganisationId, ServerId = server, Kind = OperationKind.RollBack, TargetGeneration = 41,
        TargetSystem = "/nix/store/x", Reason = "", AuthorId = caller.PersonId, AuthorName = caller.Name, StartedAt = at ?? DateTimeOffset.UnixEpoch,
    };
}
