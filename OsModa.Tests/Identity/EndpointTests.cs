using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Storing;
using OsModa.Dashboard.Live;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>What nobody has to be signed in for, and that everything else asks: found from the application itself, so that new endpoints are in it.</summary>
public sealed partial class EndpointTests(ProductInProcess product) : IClassFixture<ProductInProcess>
{
    private static readonly string[] OpenToAll =
    [
        "/favicon.ico", "/healthz", "/invitation", "/js/verifier.js", "/not-found", "/nothing-here", "/setup", "/sign-in", "/witness/add-checkpoint",
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
    public async Task The_script_that_checks_heads_is_served_once_and_then_only_asked_for()
    {
        using var stranger = product.Stranger();

        using var script = await stranger.GetAsync("/js/verifier.js", Stop);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/js/verifier.js");
        again.Headers.IfNoneMatch.Add(script.Headers.ETag!);
        using var unchanged = await stranger.SendAsync(again, Stop);

        Assert.Equal((HttpStatusCode.OK, "text/javascript"), (script.StatusCode, script.Content.Headers.ContentType?.MediaType));
        Assert.Equal(VerifyPage.HeadModule, await script.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
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

            var isForPrograms = IsForPrograms(endpoint);
            var asked = (answer.StatusCode == HttpStatusCode.Unauthorized && (!isForPrograms || answer.Content.Headers.ContentType?.MediaType == "application/problem+json"))
                || (!isForPrograms && answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.ToString().Contains("/sign-in?returnUrl=", StringComparison.Ordinal));
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

    [Fact]
    public async Task What_programs_ask_for_is_neither_for_nobody_nor_of_another_organisation()
    {
        var theirs = await product.OrganisationAsync("Theirs of programs");
        var (server, other) = (await product.ServerAsync(theirs, "hidden-one"), await product.ServerAsync(theirs, "hidden-other"));
        for (var i = 0; i < 10; i++)
        {
            await product.ServerAsync(theirs, $"hidden-{i}");
        }

        await product.Services.GetRequiredService<Publisher>().PublishAsync(Stop);
        Dictionary<string, (string Address, HttpStatusCode Answer)> rows = new(StringComparer.Ordinal)
        {
            ["/api/v1/servers/{server:guid}/compare/{pair}"] = ($"/api/v1/servers/{server.Id.Value}/compare/1..2", HttpStatusCode.NotFound),
            ["/api/v1/servers/{server:guid}/compare/commit/{commit}"] = ($"/api/v1/servers/{server.Id.Value}/compare/commit/0123456789abcdef", HttpStatusCode.NotFound),
            ["/api/v1/servers/{server:guid}/compare/with/{other:guid}"] = ($"/api/v1/servers/{server.Id.Value}/compare/with/{other.Id.Value}", HttpStatusCode.NotFound),
            // Beyond the end of the viewer's own ledger, which is what these ask about.
            ["/api/v1/ledger/entries/{seq:long}/proof"] = ("/api/v1/ledger/entries/20/proof", HttpStatusCode.NotFound),
            ["/api/v1/ledger/entries/{seq:long}/record"] = ("/api/v1/ledger/entries/20/record", HttpStatusCode.NotFound),
            ["/api/v1/ledger/consistency"] = ("/api/v1/ledger/consistency?from=10&to=20", HttpStatusCode.NotFound),
            ["/api/v1/ledger/export"] = ($"/api/v1/ledger/export?as=jsonl&server={server.Id.Value}", HttpStatusCode.OK),
            ["/api/v1/ledger/verify.html"] = ("/api/v1/ledger/verify.html", HttpStatusCode.OK),
        };
        var ours = await product.OrganisationAsync("Ours of programs");
        await product.PersonAsync(ours, Role.Viewer, "programs@example.org");
        await product.PersonAsync(theirs, Role.Viewer, "hidden@example.org");
        using var viewer = await product.SignedInAsync("programs@example.org");
        using var member = await product.SignedInAsync("hidden@example.org");
        using var nobody = product.Stranger();

        Assert.Equal(Endpoints().Where(IsForPrograms).Select(Route).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync("/api/v1/ledger/entries/20/record", Stop)).StatusCode);
        foreach (var (route, (address, expected)) in rows)
        {
            using var refused = await nobody.GetAsync(address, Stop);
            using var answer = await viewer.GetAsync(address, Stop);

            Assert.True(refused.StatusCode == HttpStatusCode.Unauthorized, $"{route} answered {refused.StatusCode} to nobody");
            Assert.True(answer.StatusCode == expected, $"{route} answered {answer.StatusCode} to a viewer of another organisation");
            Assert.DoesNotContain("hidden-", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_program_of_somebody_who_belongs_nowhere_any_more_is_forbidden()
    {
        var organisation = await product.OrganisationAsync("Left");
        var person = await product.PersonAsync(organisation, Role.Viewer, "left@example.org");
        using var browser = await product.SignedInAsync("left@example.org");
        await product.Services.GetRequiredService<ChangeMembership>().RunAsync(new Caller(Guid.NewGuid(), "Ada", organisation.Id, Role.Owner), person.Id, role: null, Stop);

        using var answer = await browser.GetAsync("/api/v1/ledger/export", Stop);

        Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

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
        var organisation = await product.OrganisationAsync("Led");
        await product.PersonAsync(organisation, Role.Owner, email);
        using var browser = await product.SignedInAsync(email);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Sec-Fetch-Site", site);

        using var answer = await browser.SendAsync(request, Stop);

        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.Forbidden)
        {
            Assert.Equal(["person.sign-in"], product.Services.GetRequiredService<LedgerQueries>().Page(organisation.Id, LedgerFilter.Everything).Lines.Select(line => line.Type));
        }
    }

    [Fact]
    public async Task Who_has_too_many_pages_open_is_told_so_and_can_still_sign_out()
    {
        var person = await product.PersonAsync(await product.OrganisationAsync("Many"), Role.Viewer, "many@example.org");
        using var browser = await product.SignedInAsync("many@example.org");
        var pages = product.Services.GetRequiredService<OpenPages>();
        for (var i = 0; i < OpenPages.Most; i++)
        {
            Assert.True(pages.TryOpen(person.Id));
        }

        using var answer = await browser.GetAsync("/", Stop);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Contains("Close some", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account", Stop)).StatusCode);
        pages.Close(person.Id);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/", Stop)).StatusCode);
    }

    [Theory]
    [InlineData("https://osmoda.example", true)]
    [InlineData("https://localhost", false)]
    [InlineData("https://127.0.0.1", false)]
    [InlineData("http://osmoda.example", false)]
    public async Task Over_HTTPS_browsers_are_told_to_stay_there(string address, bool told)
    {
        using var browser = product.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new Uri(address) });

        using var answer = await browser.GetAsync("/sign-in", Stop);

        Assert.Equal(told, answer.Headers.Contains("Strict-Transport-Security"));
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

    private static bool IsForPrograms(RouteEndpoint endpoint) => Route(endpoint).StartsWith("/api/", StringComparison.Ordinal);

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
