using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>What nobody has to be signed in for, and that everything else asks: found from the application itself, so that new endpoints are in it.</summary>
public sealed partial class EndpointTests(ProductInProcess product) : IClassFixture<ProductInProcess>
{
    private static readonly string[] OpenToAll =
    [
        "/favicon.ico", "/healthz", "/invitation", "/not-found", "/nothing-here", "/setup", "/sign-in", "/witness/add-checkpoint",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_list_of_what_is_open_to_all_is_this_one()
    {
        var open = Endpoints().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .Select(Route).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(OpenToAll, open);
    }

    [Fact]
    public async Task A_browser_that_asks_for_an_icon_by_itself_gets_one()
    {
        using var stranger = product.Stranger();

        using var answer = await stranger.GetAsync("/favicon.ico", Stop);
        using var icon = await stranger.GetAsync(answer.Headers.Location, Stop);

        Assert.Equal((HttpStatusCode.Redirect, "image/svg+xml"), (answer.StatusCode, icon.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Everything_else_asks_who_is_there()
    {
        using var stranger = product.Stranger();
        var closed = Endpoints().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null).ToList();
        Assert.NotEmpty(closed);

        foreach (var endpoint in closed)
        {
            using var request = new HttpRequestMessage(new HttpMethod(Method(endpoint)), Address(endpoint, Guid.NewGuid().ToString()));
            request.Headers.Add("Origin", "http://localhost");
            using var answer = await stranger.SendAsync(request, Stop);

            var asked = answer.StatusCode == HttpStatusCode.Unauthorized
                || (answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.ToString().Contains("/sign-in?returnUrl=", StringComparison.Ordinal));
            Assert.True(asked, $"{Method(endpoint)} {Route(endpoint)} answered {answer.StatusCode} to nobody");
        }
    }

    [Fact]
    public async Task A_page_of_another_organisations_server_is_not_found()
    {
        var organisation = await product.OrganisationAsync("Ours");
        await product.PersonAsync(organisation, Role.Owner, "ours@example.org");
        var theirs = await product.ServerAsync(await product.OrganisationAsync("Theirs"), "theirs");
        using var browser = await product.SignedInAsync("ours@example.org");
        var pages = Endpoints().Where(e => e.RoutePattern.Parameters.Count > 0 && e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null);

        foreach (var endpoint in pages)
        {
            using var foreign = await browser.GetAsync(Address(endpoint, theirs.Id.ToString()), Stop);
            using var none = await browser.GetAsync(Address(endpoint, Guid.NewGuid().ToString()), Stop);

            Assert.True(foreign.StatusCode == HttpStatusCode.NotFound, $"{Route(endpoint)} answered {foreign.StatusCode} for a foreign id");
            Assert.Equal(none.StatusCode, foreign.StatusCode);
            Assert.DoesNotContain("theirs", await foreign.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
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
        using var stranger = product.Stranger();
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
        using var stranger = product.Stranger();
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

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/healthz")]
    [InlineData("/no/such/path")]
    [InlineData("/css/account.css")]
    [InlineData("/setup?code=AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/nothing-here?status=500")]
    public async Task Every_answer_carries_the_headers_that_keep_browsers_strict(string path)
    {
        using var stranger = product.Stranger();
        using var answer = await stranger.GetAsync(path, Stop);
        string Header(string name) => string.Join(',', answer.Headers.GetValues(name));

        var policy = Header("Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task No_page_has_a_script_in_its_text()
    {
        using var stranger = product.Stranger();
        foreach (var path in (string[])["/sign-in", "/setup", "/nothing-here"])
        {
            var text = await (await stranger.GetAsync(path, Stop)).Content.ReadAsStringAsync(Stop);

            Assert.DoesNotMatch(InlineScript(), text);
            Assert.DoesNotMatch(EventAttribute(), text);
        }
    }

    private IEnumerable<RouteEndpoint> Endpoints() => product.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static string Route(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private static string Method(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var method, ..] ? method : "GET";

    private static string Address(RouteEndpoint endpoint, string value) => Parameter().Replace(Route(endpoint), value);

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();

    [GeneratedRegex("<script(?![^>]*src=)", RegexOptions.None, 1000)]
    private static partial Regex InlineScript();

    [GeneratedRegex(@"<[^>]*\son[a-z]+=", RegexOptions.None, 1000)]
    private static partial Regex EventAttribute();
}
