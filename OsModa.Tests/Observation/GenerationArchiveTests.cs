using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class GenerationArchiveTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<DatabaseKind> Kinds => TemporaryDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Generations_that_are_gone_are_remembered_with_all_that_was_known(DatabaseKind kind)
    {
        await using var database = await TemporaryDatabase.OpenAsync(kind);
        var server = await AddServerAsync(database);
        var archive = new GenerationArchive(database.Database);
        var gone = Generation(41) with { GoneAt = Now.AddMinutes(1) };

        await archive.SaveAsync([(server, [Generation(42), Generation(41)])], Now, CancellationToken.None);
        await archive.SaveAsync([(server, [Generation(42) with { Closure = new ClosureSize(7, 3, 2) }, gone])], Now.AddMinutes(1), CancellationToken.None);
        var loaded = (await archive.LoadAsync([server.Id], CancellationToken.None))[server.Id].Generations;

        Assert.Equal([42, 41], loaded.Select(g => g.Number));
        Assert.Equal(new ClosureSize(7, 3, 2), loaded[0].Closure);
        Assert.Equal((gone.GoneAt, gone.ActivatedAt, gone.System, "24.05", "6.6.1"), (loaded[1].GoneAt, loaded[1].ActivatedAt, loaded[1].System, loaded[1].Label, loaded[1].KernelVersion));
        Assert.Equal(["debug", "lts"], loaded[1].Specialisations);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_went_while_the_dashboard_was_not_there_went_after_it_was_last_known_to_be_there(DatabaseKind kind)
    {
        await using var database = await TemporaryDatabase.OpenAsync(kind);
        var server = await AddServerAsync(database);
        var archive = new GenerationArchive(database.Database);
        var seen = Now.AddMinutes(-2);
        var before = new ServerState { Server = server.Id, HeardAt = seen, Generations = [Generation(42), Generation(41), Generation(40) with { GoneAt = Now.AddDays(-1) }] };
        await archive.SaveAsync([(server, GenerationReducer.ForThePast(before))], Now, CancellationToken.None);

        var past = (await archive.LoadAsync([server.Id], CancellationToken.None))[server.Id];
        var remembered = new ServerState { Server = server.Id }.Apply(new ServerEvent.HistoryLoaded(Now.AddHours(1), past.Generations));
        // Nothing was heard of it since: the bound that is written down again is the same.
        await archive.SaveAsync([(server, GenerationReducer.ForThePast(remembered))], Now.AddHours(1), CancellationToken.None);
        past = (await archive.LoadAsync([server.Id], CancellationToken.None))[server.Id];
        var after = new ServerState { Server = server.Id }.Apply(new ServerEvent.HistoryLoaded(Now.AddHours(2), past.Generations))
            .Apply(new ServerEvent.GenerationsListed(Now.AddHours(3), [Generation(42)]));

        Assert.Equal([(42, null, null), (41, Now.AddHours(3), seen), (40, Now.AddDays(-1), null)], Moments(after.Generations));
        await archive.SaveAsync([(server, GenerationReducer.ForThePast(after))], Now.AddHours(3), CancellationToken.None);
        past = (await archive.LoadAsync([server.Id], CancellationToken.None))[server.Id];
        Assert.Equal([(42, null, Now.AddHours(3)), (41, Now.AddHours(3), seen), (40, Now.AddDays(-1), null)], Moments(past.Generations));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_newest_switch_that_is_written_down_is_the_last_change(DatabaseKind kind)
    {
        await using var database = await TemporaryDatabase.OpenAsync(kind);
        var server = await AddServerAsync(database);
        var archive = new GenerationArchive(database.Database);
        Assert.Empty(await archive.LoadAsync([server.Id], CancellationToken.None));

        await AddOperationAsync(database, server, OperationKind.Elsewhere, from: 41, to: 42, Now.AddDays(-2));
        Assert.Equal(new LastChange(Now.AddDays(-2), ChangeKind.SwitchedTo, "42", Ours: false), (await archive.LoadAsync([server.Id], CancellationToken.None))[server.Id].LastChange);

        await AddOperationAsync(database, server, OperationKind.RollBack, from: 42, to: 41, Now.AddDays(-1));
        await AddOperationAsync(database, server, OperationKind.RollBack, from: 41, to: 40, Now, OperationState.Failed);
        Assert.Equal(new LastChange(Now.AddDays(-1), ChangeKind.RolledBackTo, "41", Ours: true), (await archive.LoadAsync([server.Id], CancellationToken.None))[server.Id].LastChange);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_server_gets_its_own_past(DatabaseKind kind)
    {
        await using var database = await TemporaryDatabase.OpenAsync(kind);
        var (web, mail, empty) = (await AddServerAsync(database), await AddServerAsync(database), await AddServerAsync(database));
        var archive = new GenerationArchive(database.Database);
        await archive.SaveAsync([(web, [Generation(42), Generation(41)]), (mail, [Generation(7)]), (empty, [])], Now, CancellationToken.None);
        await AddOperationAsync(database, web, OperationKind.Elsewhere, from: 41, to: 42, Now.AddDays(-2));
        await AddOperationAsync(database, mail, OperationKind.RollBack, from: 8, to: 7, Now.AddDays(-1));

        var pasts = await archive.LoadAsync([web.Id, mail.Id, empty.Id], CancellationToken.None);

        Assert.Equal(2, pasts.Count);
        Assert.Equal([42, 41], pasts[web.Id].Generations.Select(g => g.Number));
        Assert.Equal("42", pasts[web.Id].LastChange?.Subject);
        Assert.Equal([7], pasts[mail.Id].Generations.Select(g => g.Number));
        Assert.Equal(new LastChange(Now.AddDays(-1), ChangeKind.RolledBackTo, "7", Ours: true), pasts[mail.Id].LastChange);
    }

    [Fact]
    public async Task A_server_that_was_removed_leaves_nothing_and_hinders_no_other()
    {
        await using var database = await TemporaryDatabase.OpenAsync();
        var archive = new GenerationArchive(database.Database);
        var here = await AddServerAsync(database);
        var stranger = new Server { Id = ServerId.New(), OrganisationId = Guid.NewGuid(), Name = "x", Address = "192.0.2.1", Login = "root", AddedAt = Now };

        await archive.SaveAsync([(stranger, [Generation(1)]), (here, [Generation(2)])], Now, CancellationToken.None);

        Assert.Equal([here.Id], (await archive.LoadAsync([stranger.Id, here.Id], CancellationToken.None)).Keys);
    }

    private static IEnumerable<(int Number, DateTimeOffset? GoneAt, DateTimeOffset? SeenAt)> Moments(IEnumerable<Generation> generations) => generations.Select(g => (g.Number, g.GoneAt, g.SeenAt));

    private static Generation Generation(int number) => new()
    {
        Number = number,
        System = StorePath.Parse($"/nix/store/{number:00}23456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-24.05"),
        ActivatedAt = Now.AddDays(-number),
        Label = "24.05",
        KernelVersion = "6.6.1",
        Specialisations = ["debug", "lts"],
    };

    private static async Task AddOperationAsync(
        TemporaryDatabase database, Server server, OperationKind kind, int from, int to, DateTimeOffset at, OperationState state = OperationState.Verified)
    {
        await using var context = database.Database.OpenForAll();
        context.Operations.Add(new Operation
        {
            Id = Guid.NewGuid(), OrganisationId = server.OrganisationId, ServerId = server.Id, Kind = kind, TargetGeneration = to, TargetSystem = Generation(to).System.Text,
            FromGeneration = from, FromSystem = Generation(from).System.Text, Reason = "", AuthorId = Guid.Empty, AuthorName = "Mara", StartedAt = at, State = state,
        });
        await context.SaveChangesAsync();
    }

    private static async Task<Server> AddServerAsync(TemporaryDatabase database)
    {
        var organisation = new Organisation { Id = Guid.NewGuid(), Name = $"Shop {Guid.NewGuid()}", CreatedAt = Now };
        var server = new Server { Id = ServerId.New(), OrganisationId = organisation.Id, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = Now };
        var context = database.Database.OpenForAll();
        await using (context)
        {
            context.Add(organisation);
            context.Add(server);
            await context.SaveChangesAsync();
        }

        return server;
    }
}
