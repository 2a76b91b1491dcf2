using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Ledger;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Observation;

/// <summary>Many servers cost the database hardly more than a few: a start with a thousand must not keep pages waiting for it.</summary>
public sealed class ManyServersTests : IDisposable
{
    private const int Many = 120;

    private readonly HandClock _clock = new();
    private readonly Fleet _fleet = new();
    private readonly DatabaseWork _work = new();

    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public async Task The_pasts_of_all_servers_are_read_with_two_questions(int count)
    {
        await using var room = await TemporaryDatabase.OpenAsync();
        var servers = await AddServersAsync(room, count);
        await new GenerationArchive(room.Database).SaveAsync([.. servers.Select(s => (s, Generations()))], _clock.GetUtcNow(), CancellationToken.None);
        using var key = MasterKey.LoadOrMake(room.Settings);
        await using var connections = new RemoteShells(room.Database, new OrganisationKeys(room.Database, new SecretBox(key), _clock), new SshSettings(), _clock, NullLogger<RemoteShells>.Instance);
        await using var ledger = new TestLedger();
        var host = new ObserverHost(
            new ServerDirectory(room.Database), _fleet, static (_, _) => throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Unreachable, "Nobody is reached here.")),
            connections, new GenerationArchive(new Database(room.Settings, _work)), ledger.Store, _clock, NullLogger<ObserverHost>.Instance);
        using var stop = new CancellationTokenSource();

        var running = host.RunAsync(stop.Token);
        foreach (var server in servers)
        {
            await _fleet.UntilAsync(server.Id, state => state.Generations.Length == 3);
        }

        Assert.Equal(2, _work.Reads);
        await stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public async Task Generations_of_all_servers_are_written_in_one_commit(int count)
    {
        await using var room = await TemporaryDatabase.OpenAsync();
        var servers = await AddServersAsync(room, count);
        var chronicle = new Chronicle(new GenerationArchive(new Database(room.Settings, _work)), _fleet, _clock, NullLogger.Instance);
        foreach (var server in servers)
        {
            _fleet.Put(new ServerState { Server = server.Id, Generations = Generations() });
            chronicle.Mark(server);
        }

        await RunUntilAsync(chronicle, () => Task.FromResult(_work.Commits > 0));

        Assert.Equal((2, 1), (_work.Reads, _work.Commits));
        Assert.Equal(count, (await new GenerationArchive(room.Database).LoadAsync([.. servers.Select(s => s.Id)], CancellationToken.None)).Count);
    }

    [Fact]
    public async Task One_that_the_database_will_not_have_costs_the_others_nothing()
    {
        await using var room = await TemporaryDatabase.OpenAsync(DatabaseKind.PostgreSql);
        var servers = await AddServersAsync(room, 3);
        var archive = new GenerationArchive(room.Database);
        var chronicle = new Chronicle(archive, _fleet, _clock, NullLogger.Instance);
        foreach (var server in servers)
        {
            var generations = server == servers[1] ? [Generations()[0] with { Label = new string('x', 1000) }] : Generations();
            _fleet.Put(new ServerState { Server = server.Id, Generations = generations });
            chronicle.Mark(server);
        }

        await RunUntilAsync(chronicle, async () => (await archive.LoadAsync([servers[0].Id, servers[2].Id], CancellationToken.None)).Count == 2);

        Assert.Empty(await archive.LoadAsync([servers[1].Id], CancellationToken.None));
    }

    public void Dispose() => _work.Dispose();

    // The chronicle waits a while by the clock after a mark; when it begins to wait is its own affair.
    private async Task RunUntilAsync(Chronicle chronicle, Func<Task<bool>> written)
    {
        using var stop = new CancellationTokenSource();
        var running = chronicle.RunAsync(stop.Token);
        await Eventually.TrueAsync(written, _clock, TimeSpan.FromSeconds(1));
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static ImmutableArray<Generation> Generations() =>
    [
        .. new[] { 3, 2, 1 }.Select(number => new Generation
        {
            Number = number,
            System = StorePath.Parse($"/nix/store/{number:00}23456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-24.05"),
            ActivatedAt = DateTimeOffset.UnixEpoch.AddDays(number),
        }),
    ];

    private static async Task<List<Server>> AddServersAsync(TemporaryDatabase room, int count)
    {
        var organisation = new Organisation { Id = Guid.NewGuid(), Name = "Shop", CreatedAt = DateTimeOffset.UnixEpoch };
        var servers = Enumerable.Range(1, count)
            .Select(n => new Server { Id = ServerId.New(), OrganisationId = organisation.Id, Name = $"web{n}", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch }).ToList();
        await using var context = room.Database.OpenForAll();
        context.Add(organisation);
        context.AddRange(servers);
        await context.SaveChangesAsync();
        return servers;
    }
}
