using Microsoft.EntityFrameworkCore;
using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Servers;

public sealed class ServerVerbTests : IAsyncLifetime
{
    private readonly HandClock _clock = new();
    private readonly List<ServerChange> _changes = [];
    private TemporaryDatabase _temporary = null!;
    private ServerDirectory _directory = null!;
    private Caller _owner = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _temporary = await TemporaryDatabase.OpenAsync();
        _directory = new ServerDirectory(_temporary.Database);
        _directory.Subscribe(_changes.Add);
        _owner = await _temporary.CallerAsync();
    }

    public ValueTask DisposeAsync() => _temporary.DisposeAsync();

    [Fact]
    public async Task An_added_server_is_listed_and_announced()
    {
        var server = await AddedAsync(new ServerForm("web1", "WEB1.example.org", " 2222 ", "deploy", Tags: "production"));

        Assert.Equal(("web1", "web1.example.org", 2222, "deploy", _clock.GetUtcNow()), (server.Name, server.Address, server.Port, server.Login, server.AddedAt));
        Assert.Equal(["web1"], (await _directory.ListAsync(_owner, Stop)).Select(s => s.Name));
        Assert.Equal([server.Id], (await _directory.ListAllAsync(Stop)).Select(s => s.Id));
        Assert.Equal([new ServerChange(ServerChangeKind.Added, server.Id, _owner.OrganisationId)], _changes);
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once()
    {
        var result = await AddAsync(new ServerForm("-", "not a host", "0", "-root", ServerId.New(), "Ü"));

        Assert.False(result.Done);
        Assert.Equal(
            ["Address", "JumpThrough", "Login", "Name", "Port", "Tags"],
            result.Errors.ByField.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(_changes);
        Assert.Empty(await _directory.ListAsync(_owner, Stop));
    }

    [Fact]
    public async Task A_name_is_taken_once_in_an_organisation_whatever_its_case()
    {
        await AddedAsync(Form("web1"));

        Assert.Contains("called WEB1", (await AddAsync(Form("WEB1"))).Errors[nameof(ServerForm.Name)], StringComparison.Ordinal);
        var others = await _temporary.CallerAsync();
        Assert.True((await new AddServer(_temporary.Database, _directory, _temporary.Ledger, _clock).RunAsync(others, Form("web1"), Stop)).Done);
    }

    [Fact]
    public async Task Of_two_who_add_the_same_name_at_once_one_is_told_so()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => AddAsync(Form("web1")), Stop)));

        Assert.Single(results, r => r.Done);
        Assert.All(results.Where(r => !r.Done), r => Assert.NotNull(r.Errors[nameof(ServerForm.Name)]));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    public async Task Only_owners_add_change_and_remove(Role role)
    {
        var server = await AddedAsync(Form("web1"));
        _changes.Clear();
        var caller = await _temporary.CallerAsync(role, _owner.OrganisationId);

        Assert.NotNull((await new AddServer(_temporary.Database, _directory, _temporary.Ledger, _clock).RunAsync(caller, Form("web2"), Stop)).Errors[""]);
        Assert.NotNull((await Change.RunAsync(caller, server.Id, Form("web2"), ServerForm.Of(server), Stop)).Errors[""]);
        Assert.NotNull((await Remove.RunAsync(caller, server.Id, Stop)).Errors[""]);
        Assert.Empty(_changes);
        Assert.Equal("web1", (await _directory.FindAsync(caller, server.Id, Stop))!.Name);
    }

    [Fact]
    public async Task Another_organisations_server_is_as_if_it_were_not_there()
    {
        var server = await AddedAsync(Form("web1"));
        var others = await _temporary.CallerAsync();

        Assert.Null(await _directory.FindAsync(others, server.Id, Stop));
        Assert.Empty(await _directory.ListAsync(others, Stop));
        Assert.Equal(ChangeServer.Gone, (await Change.RunAsync(others, server.Id, Form("mine"), ServerForm.Of(server), Stop)).Errors[""]);
        Assert.Equal(ChangeServer.Gone, (await Remove.RunAsync(others, server.Id, Stop)).Errors[""]);
        Assert.NotNull((await new AddServer(_temporary.Database, _directory, _temporary.Ledger, _clock).RunAsync(others, Form("web2") with { JumpThrough = server.Id }, Stop)).Errors[nameof(ServerForm.JumpThrough)]);
    }

    [Fact]
    public async Task A_changed_server_keeps_its_accepted_host_keys()
    {
        var server = await AddedAsync(Form("web1"));
        await using (var context = _temporary.Database.OpenFor(_owner))
        {
            (await context.Servers.SingleAsync(Stop)).HostKeys.Add(new PinnedHostKey { Type = "ssh-ed25519", Key = "A", Fingerprint = "F", AcceptedAt = default, AcceptedBy = "" });
            await context.SaveChangesAsync(Stop);
        }

        var result = await Change.RunAsync(_owner, server.Id, new ServerForm("web-one", "192.0.2.7", "", "root", Tags: "a b"), ServerForm.Of(server), Stop);

        Assert.True(result.Done);
        var now = (await _directory.FindAsync(_owner, server.Id, Stop))!;
        Assert.Equal(("web-one", "192.0.2.7", 22), (now.Name, now.Address, now.Port));
        Assert.Equal(["a", "b"], now.Tags);
        Assert.Single(now.HostKeys);
        Assert.Equal(ServerChangeKind.Changed, _changes[^1].Kind);
    }

    [Fact]
    public async Task What_one_changed_is_not_taken_back_by_the_old_page_of_another()
    {
        var server = await AddedAsync(Form("web1"));
        var seen = ServerForm.Of(server);
        Assert.True((await Change.RunAsync(_owner, server.Id, seen with { Address = "192.0.2.7" }, seen, Stop)).Done);
        Assert.True((await Change.RunAsync(_owner, server.Id, seen with { Name = "shop" }, seen, Stop)).Done);

        var now = (await _directory.FindAsync(_owner, server.Id, Stop))!;
        Assert.Equal(("shop", "192.0.2.7"), (now.Name, now.Address));
    }

    [Fact]
    public async Task A_field_that_two_have_changed_is_told_and_nothing_is_saved()
    {
        var server = await AddedAsync(Form("web1"));
        var seen = ServerForm.Of(server);
        Assert.True((await Change.RunAsync(_owner, server.Id, seen with { Address = "192.0.2.7" }, seen, Stop)).Done);
        var late = await Change.RunAsync(_owner, server.Id, seen with { Address = "192.0.2.8", Name = "shop" }, seen, Stop);

        Assert.Equal("Somebody else has changed this to “192.0.2.7” meanwhile. Save again to have yours.", late.Errors[nameof(ServerForm.Address)]);
        var now = (await _directory.FindAsync(_owner, server.Id, Stop))!;
        Assert.Equal(("web1", "192.0.2.7"), (now.Name, now.Address));
        Assert.True((await Change.RunAsync(_owner, server.Id, seen with { Address = "192.0.2.8" }, ServerForm.Of(now), Stop)).Done);
    }

    [Fact]
    public async Task Jump_hosts_do_not_go_round_in_circles()
    {
        var first = await AddedAsync(Form("first"));
        var second = await AddedAsync(Form("second") with { JumpThrough = first.Id });
        var third = await AddedAsync(Form("third") with { JumpThrough = second.Id });

        Assert.Contains("circle", (await Change.RunAsync(_owner, first.Id, Form("first") with { JumpThrough = third.Id }, ServerForm.Of(first), Stop)).Errors[nameof(ServerForm.JumpThrough)], StringComparison.Ordinal);
        Assert.Contains("own jump host", (await Change.RunAsync(_owner, first.Id, Form("first") with { JumpThrough = first.Id }, ServerForm.Of(first), Stop)).Errors[nameof(ServerForm.JumpThrough)], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_way_has_four_jump_hosts_at_most()
    {
        var last = await AddedAsync(Form("hop0"));
        for (var i = 1; i <= 4; i++)
        {
            last = await AddedAsync(Form($"hop{i}") with { JumpThrough = last.Id });
        }

        Assert.Contains("more than 4", (await AddAsync(Form("hop5") with { JumpThrough = last.Id })).Errors[nameof(ServerForm.JumpThrough)], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_behind_a_changed_jump_host_have_another_way_too()
    {
        var first = await AddedAsync(Form("first"));
        var second = await AddedAsync(Form("second") with { JumpThrough = first.Id });
        var third = await AddedAsync(Form("third") with { JumpThrough = second.Id });
        await AddedAsync(Form("apart"));
        _changes.Clear();

        await Change.RunAsync(_owner, first.Id, Form("first") with { Address = "192.0.2.9" }, ServerForm.Of(first), Stop);

        Assert.Equal(new[] { first.Id, second.Id, third.Id }.ToHashSet(), _changes.Select(c => c.Server).ToHashSet());
    }

    [Fact]
    public async Task A_jump_host_in_use_is_not_removed()
    {
        var jump = await AddedAsync(Form("jump"));
        var behind = await AddedAsync(Form("web1") with { JumpThrough = jump.Id });

        Assert.Contains("jump host of web1", (await Remove.RunAsync(_owner, jump.Id, Stop)).Errors[""], StringComparison.Ordinal);
        Assert.True((await Remove.RunAsync(_owner, behind.Id, Stop)).Done);
        Assert.True((await Remove.RunAsync(_owner, jump.Id, Stop)).Done);
        Assert.Equal(new ServerChange(ServerChangeKind.Removed, jump.Id, _owner.OrganisationId), _changes[^1]);
        Assert.Empty(await _directory.ListAllAsync(Stop));
    }

    [Fact]
    public async Task A_server_with_an_operation_under_way_is_not_removed_and_its_history_outlives_it()
    {
        var server = await AddedAsync(Form("web1"));
        var operation = new Operation
        {
            Id = Guid.CreateVersion7(), OrganisationId = _owner.OrganisationId, ServerId = server.Id, Kind = OperationKind.RollBack, TargetGeneration = 1,
            TargetSystem = "/nix/store/x", Reason = "", AuthorId = _owner.PersonId, AuthorName = "", StartedAt = default, State = OperationState.Running,
        };
        await using var context = _temporary.Database.OpenFor(_owner);
        context.Operations.Add(operation);
        await context.SaveChangesAsync(Stop);

        Assert.Contains("under way", (await Remove.RunAsync(_owner, server.Id, Stop)).Errors[""], StringComparison.Ordinal);
        operation.State = OperationState.Failed;
        await context.SaveChangesAsync(Stop);
        Assert.True((await Remove.RunAsync(_owner, server.Id, Stop)).Done);
        Assert.Equal(1, await context.Operations.CountAsync(Stop));
    }

    [Fact]
    public void A_subscription_that_ended_hears_nothing()
    {
        var heard = 0;
        var subscription = _directory.Subscribe(_ => heard++);
        _directory.Announce(new ServerChange(ServerChangeKind.Changed, ServerId.New(), Guid.Empty));
        subscription.Dispose();
        subscription.Dispose();
        _directory.Announce(new ServerChange(ServerChangeKind.Changed, ServerId.New(), Guid.Empty));

        Assert.Equal(1, heard);
    }

    private ChangeServer Change => new(_temporary.Database, _directory, _temporary.Ledger);

    private RemoveServer Remove => new(_temporary.Database, _directory, _temporary.Ledger);

    private static ServerForm Form(string name) => new(name, "192.0.2.1", "22", "root");

    private Task<Result<Server>> AddAsync(ServerForm form) => new AddServer(_temporary.Database, _directory, _temporary.Ledger, _clock).RunAsync(_owner, form, Stop);

    private async Task<Server> AddedAsync(ServerForm form)
    {
        var result = await AddAsync(form);
        Assert.True(result.Done, string.Join(' ', result.Errors.ByField.Values));
        return result.Value;
    }
}
