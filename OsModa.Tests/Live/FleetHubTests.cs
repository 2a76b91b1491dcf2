using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Live;

/// <summary>The hub over a real socket, with sign-in replaced by a header that names the person.</summary>
public sealed class FleetHubTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TemporaryDatabase _database = null!;
    private WebApplication _application = null!;
    private Caller _ann = null!;
    private Caller _stranger = null!;

    private Fleet Fleet => _application.Services.GetRequiredService<Fleet>();

    public async ValueTask InitializeAsync()
    {
        _database = await TemporaryDatabase.OpenAsync();
        (_ann, _stranger) = (await _database.CallerAsync(), await _database.CallerAsync());
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(_database.Database).AddSingleton(_database.Ledger).AddSingleton<Fleet>().AddSingleton<Callers>();
        builder.Services.AddServers().AddSingleton<ServerBook>().AddSingleton<FleetBoards>();
        builder.Services.AddSignalR();
        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, ByHeader>("header", null);
        builder.Services.AddAuthorization();
        _application = builder.Build();
        _application.UseAuthentication();
        _application.UseAuthorization();
        _application.MapHub<FleetHub>(FleetHub.Path);
        await _application.StartAsync(Xunit.TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task First_come_all_servers_then_what_changes()
    {
        var web1 = await AddAsync(_ann, "web1");
        await AddAsync(_ann, "web2");
        await using var connection = await ConnectAsync(_ann);
        await using var updates = Watch(connection);

        var whole = await NextAsync(updates);
        Assert.True(whole.IsWhole);
        Assert.Equal(["web1", "web2"], whole.Servers.Select(server => server.Name));
        Assert.All(whole.Servers, server => Assert.Equal("unknown", server.State));

        Fleet.Update(web1.Id, state => state with { Reach = Reach.Live, HeardAt = DateTimeOffset.UnixEpoch });
        var change = await NextAsync(updates);
        Assert.False(change.IsWhole);
        Assert.Equal(("web1", "healthy", (string?)null), Assert.Single(change.Servers) is var only ? (only.Name, only.State, only.Ledger) : default);

        Fleet.Update(web1.Id, state => state with { Chain = new ChainStanding(ChainStatus.Cut, 7, "", DateTimeOffset.UnixEpoch) });
        Assert.Equal("Cut", Assert.Single((await NextAsync(updates)).Servers).Ledger);
    }

    [Fact]
    public async Task A_removed_server_is_told_as_gone()
    {
        var web1 = await AddAsync(_ann, "web1");
        await using var connection = await ConnectAsync(_ann);
        await using var updates = Watch(connection);
        await NextAsync(updates);

        await _application.Services.GetRequiredService<RemoveServer>().RunAsync(_ann, web1.Id, Xunit.TestContext.Current.CancellationToken);

        Assert.Equal([web1.Id.Value], (await NextAsync(updates)).Gone);
    }

    [Fact]
    public async Task Nobody_sees_the_servers_of_another_organisation()
    {
        await AddAsync(_ann, "web1");
        await using var connection = await ConnectAsync(_stranger);
        await using var updates = Watch(connection);

        Assert.Empty((await NextAsync(updates)).Servers);
    }

    [Fact]
    public async Task Without_a_session_nobody_gets_in() =>
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(null));

    [Fact]
    public async Task Whoever_loses_the_right_hears_no_more()
    {
        var web1 = await AddAsync(_ann, "web1");
        await using var connection = await ConnectAsync(_ann);
        await using var updates = Watch(connection);
        await NextAsync(updates);

        await using (var context = _database.Database.OpenForAll())
        {
            context.Memberships.RemoveRange(context.Memberships.Where(m => m.PersonId == _ann.PersonId));
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }

        _application.Services.GetRequiredService<Callers>().Forget(_ann.PersonId);
        Fleet.Update(web1.Id, state => state with { Reach = Reach.Live, HeardAt = DateTimeOffset.UnixEpoch });

        var end = await Assert.ThrowsAsync<HubException>(() => NextAsync(updates));
        Assert.Contains("may not see", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_signed_in_for_longer_than_a_week_hears_no_more()
    {
        var web1 = await AddAsync(_ann, "web1");
        await using var connection = await ConnectAsync(_ann, daysAgo: 8);
        await using var updates = Watch(connection);
        await NextAsync(updates);

        Fleet.Update(web1.Id, state => state with { Reach = Reach.Live, HeardAt = DateTimeOffset.UnixEpoch });

        await Assert.ThrowsAsync<HubException>(() => NextAsync(updates));
    }

    private static IAsyncEnumerator<FleetUpdate> Watch(HubConnection connection) =>
        connection.StreamAsync<FleetUpdate>("Watch", Xunit.TestContext.Current.CancellationToken).GetAsyncEnumerator(Xunit.TestContext.Current.CancellationToken);

    private static async Task<FleetUpdate> NextAsync(IAsyncEnumerator<FleetUpdate> updates)
    {
        Assert.True(await updates.MoveNextAsync().AsTask().WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken));
        return updates.Current;
    }

    private async Task<Server> AddAsync(Caller caller, string name) =>
        (await _application.Services.GetRequiredService<AddServer>().RunAsync(caller, new ServerForm(name, $"{name}.example.org", "22", "root"), Xunit.TestContext.Current.CancellationToken)).Value!;

    private async Task<HubConnection> ConnectAsync(Caller? caller, int daysAgo = 0)
    {
        var address = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new HubSockets(options =>
        {
            options.SetRequestHeader("Person", caller?.PersonId.ToString());
            options.SetRequestHeader("Signed-In", $"{TimeProvider.System.GetUtcNow().AddDays(-daysAgo).ToUnixTimeSeconds()}");
        }));
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(new Uri(address.Replace("http://", "ws://", StringComparison.Ordinal) + FleetHub.Path)));
        var connection = builder.Build();
        await connection.StartAsync(Xunit.TestContext.Current.CancellationToken);
        return connection;
    }

    private sealed class ByHeader(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["Person"].ToString() is not { Length: > 0 } person)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            Claim[] claims = [new(ClaimTypes.NameIdentifier, person), new("AspNet.Identity.SecurityStamp", "stamp"), new(PersonClaims.SignedInAt, Request.Headers["Signed-In"].ToString())];
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, "header")), "header")));
        }
    }
}
