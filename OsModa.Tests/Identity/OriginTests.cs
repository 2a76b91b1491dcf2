using System.Net;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Reading;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>What the pages of other sites cannot make a browser do here.</summary>
public sealed class OriginTests(ProductInProcess product) : EndpointRoom(product)
{
    [Theory]
    [InlineData("/api/v1/ledger/export?as=csv", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/ledger/export?as=csv", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/ledger/export?as=csv", "same-origin", HttpStatusCode.OK)]
    [InlineData("/api/v1/ledger/export?as=csv", "none", HttpStatusCode.OK)]
    [InlineData("/api/v1/servers/00000000-0000-0000-0000-000000000001/compare/1..2?dryRun=true", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/servers/00000000-0000-0000-0000-000000000001/compare/1..2?dryRun=true", "same-origin", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/servers/00000000-0000-0000-0000-000000000001/compare/1..2", "cross-site", HttpStatusCode.NotFound)]
    public async Task Another_sites_page_cannot_lead_a_browser_to_what_does_more_than_read(string address, string site, HttpStatusCode expected)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var organisation = await Product.OrganisationAsync("Led");
        await Product.PersonAsync(organisation, Role.Owner, email);
        using var browser = await Product.SignedInAsync(email);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Sec-Fetch-Site", site);

        using var answer = await browser.SendAsync(request, Stop);

        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.Forbidden)
        {
            Assert.Equal(["person.sign-in"], Product.Services.GetRequiredService<LedgerQueries>().Page(organisation.Id, LedgerFilter.Everything).Lines.Select(line => line.Type));
        }
    }

    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("https://localhost", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:81", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Forbidden)]
    [InlineData("http://localhost", HttpStatusCode.Unauthorized)]
    public async Task Every_hub_takes_requests_from_our_own_origin_only(string? origin, HttpStatusCode expected)
    {
        using var stranger = Product.Stranger();
        var hubs = Endpoints().Where(e => e.Metadata.GetMetadata<HubMetadata>() is not null).ToList();
        Assert.NotEmpty(hubs);

        foreach (var hub in hubs)
        {
            using var request = new HttpRequestMessage(new HttpMethod(Method(hub)), Address(hub, "x"));
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using var answer = await stranger.SendAsync(request, Stop);
            Assert.True(answer.StatusCode == expected || (expected == HttpStatusCode.Unauthorized && answer.StatusCode == HttpStatusCode.Redirect), $"{Route(hub)}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task No_upgrade_to_a_WebSocket_from_elsewhere_on_any_path(string? origin)
    {
        using var stranger = Product.Stranger();
        foreach (var path in (string[])["/_blazor", "/", "/sign-in", "/healthz", "/no/such/path"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Connection", "Upgrade");
            request.Headers.Add("Upgrade", "websocket");
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using var answer = await stranger.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }
}
