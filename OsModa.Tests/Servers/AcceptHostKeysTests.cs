using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Tests.Ssh;
using Xunit;

namespace OsModa.Tests.Servers;

public sealed class AcceptHostKeysTests : IAsyncLifetime
{
    private ShellsOfDatabase _one = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _one = await ShellsOfDatabase.OpenAsync();

    public async ValueTask DisposeAsync() => await _one.DisposeAsync();

    [Fact]
    public async Task Accepted_keys_are_kept_with_who_and_when_and_every_decision_stays()
    {
        var server = await _one.AddAsync("web1");
        Assert.True((await _one.Accept.RunAsync(_one.Owner, server.Id, [SomeKeys.Number(1)], null, Cancelled)).Done);
        await RaiseAlarmAsync(server.Id);

        var again = await _one.Accept.RunAsync(_one.Owner, server.Id, [SomeKeys.Number(2), SomeKeys.Number(3)], " installed anew ", Cancelled);

        Assert.True(again.Done);
        await using var context = _one.Database.OpenFor(_one.Owner);
        var row = await context.Servers.AsNoTracking().SingleAsync(Cancelled);
        Assert.Equal([SomeKeys.Number(2).Fingerprint, SomeKeys.Number(3).Fingerprint], row.HostKeys.Select(k => k.Fingerprint));
        Assert.All(row.HostKeys, k => Assert.Equal("Ada", k.AcceptedBy));
        Assert.Null(row.HostKeyAlarm);
        var decisions = await context.HostKeyDecisions.AsNoTracking().OrderBy(d => d.At).ToListAsync(Cancelled);
        Assert.Equal([0, 1], decisions.Select(d => d.Before.Count));
        Assert.Equal([SomeKeys.Number(1).Fingerprint], decisions[1].Before);
        Assert.Equal([SomeKeys.Number(2).Fingerprint, SomeKeys.Number(3).Fingerprint], decisions[1].After);
        Assert.Equal("installed anew", decisions[1].Reason);
        Assert.Equal(_one.Owner.PersonId, decisions[1].PersonId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Other_keys_in_the_place_of_accepted_ones_need_a_reason(string? reason)
    {
        var server = await _one.AddAsync("web1");
        await _one.Accept.RunAsync(_one.Owner, server.Id, [SomeKeys.Number(1)], null, Cancelled);

        var refused = await _one.Accept.RunAsync(_one.Owner, server.Id, [SomeKeys.Number(2)], reason, Cancelled);

        Assert.NotNull(refused.Errors["reason"]);
        await using var context = _one.Database.OpenFor(_one.Owner);
        Assert.Equal(SomeKeys.Number(1).Fingerprint, Assert.Single((await context.Servers.AsNoTracking().SingleAsync(Cancelled)).HostKeys).Fingerprint);
        Assert.Single(await context.HostKeyDecisions.ToListAsync(Cancelled));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    public async Task Only_owners_accept(Role role)
    {
        var server = await _one.AddAsync("web1");

        Assert.False((await _one.Accept.RunAsync(_one.Owner with { Role = role }, server.Id, [SomeKeys.Number(1)], null, Cancelled)).Done);
    }

    [Fact]
    public async Task Nobody_accepts_for_another_organisations_server()
    {
        var server = await _one.AddAsync("web1");
        var other = await _one.OrganisationAsync("Other");

        Assert.False((await _one.Accept.RunAsync(other, server.Id, [SomeKeys.Number(1)], null, Cancelled)).Done);
        await using var context = _one.Database.OpenFor(_one.Owner);
        Assert.Empty((await context.Servers.AsNoTracking().SingleAsync(Cancelled)).HostKeys);
    }

    [Fact]
    public async Task Nothing_shown_is_nothing_to_accept()
    {
        var server = await _one.AddAsync("web1");

        Assert.False((await _one.Accept.RunAsync(_one.Owner, server.Id, [], "because", Cancelled)).Done);
    }

    [Fact]
    public async Task All_who_wait_for_the_decision_hear_of_it()
    {
        var gate = await _one.AddAsync("gate");
        var behind = await _one.AddAsync("inner", jump: gate.Id);
        await _one.AddAsync("beside");
        var heard = new List<ServerId>();
        using var subscription = _one.Directory.Subscribe(change => heard.Add(change.Server));

        await _one.Accept.RunAsync(_one.Owner, gate.Id, [SomeKeys.Number(1)], null, Cancelled);

        Assert.Equal(new[] { gate.Id, behind.Id }.ToHashSet(), heard.ToHashSet());
    }

    [Fact]
    public async Task A_changed_key_is_a_warning_in_the_ledger_once()
    {
        var server = await _one.AddAsync("web1");
        var route = new SshRoute(_one.Owner.OrganisationId, [new SshHop(server.Id, HostAddress.TryParse("192.0.2.7", out var address, out _) ? address : default, 22, LoginName.Root, [SomeKeys.Number(1)])]);
        var alarms = new HostKeyAlarms(_one.Database, _one.Writer, TimeProvider.System, NullLogger.Instance);

        await alarms.RaiseAsync(_one.Owner.OrganisationId, SshFaults.HostKeyChanged(route, route.Server, [SomeKeys.Number(2).Fingerprint]));
        await alarms.RaiseAsync(_one.Owner.OrganisationId, SshFaults.HostKeyChanged(route, route.Server, [SomeKeys.Number(2).Fingerprint]));

        var told = Assert.Single(_one.Ledger);
        Assert.Equal(("server.host-key-alarm", server.Id.Value, SomeKeys.Number(2).Fingerprint), (told.Type, told.Source, told.Action!.Details["shown"]));
        Assert.Contains("192.0.2.7", told.Action.Text, StringComparison.Ordinal);
    }

    private async Task RaiseAlarmAsync(ServerId server)
    {
        await using var context = _one.Database.OpenFor(_one.Owner);
        (await context.Servers.SingleAsync(s => s.Id == server, Cancelled)).HostKeyAlarm = new HostKeyAlarm { SeenAt = DateTimeOffset.UnixEpoch, Shown = ["SHA256:x"] };
        await context.SaveChangesAsync(Cancelled);
    }
}
