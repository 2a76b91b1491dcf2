using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Storing;
using OsModa.Dashboard.Live;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>Everything that is not open to all asks who is there, and answers nobody of another organisation: found from the application itself, so that new endpoints are in it.</summary>
public sealed class EndpointTests(ProductInProcess product) : EndpointRoom(product)
{
    [Fact]
    public async Task Everything_else_asks_who_is_there()
    {
        using var stranger = Product.Stranger();
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
        var organisation = await Product.OrganisationAsync("Ours");
        await Product.PersonAsync(organisation, Role.Owner, "ours@example.org");
        var theirs = await Product.ServerAsync(await Product.OrganisationAsync("Theirs"), "theirs");
        using var browser = await Product.SignedInAsync("ours@example.org");
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
        var theirs = await Product.OrganisationAsync("Theirs of programs");
        var (server, other) = (await Product.ServerAsync(theirs, "hidden-one"), await Product.ServerAsync(theirs, "hidden-other"));
        for (var i = 0; i < 10; i++)
        {
            await Product.ServerAsync(theirs, $"hidden-{i}");
        }

        await Product.Services.GetRequiredService<Publisher>().PublishAsync(Stop);
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
        var ours = await Product.OrganisationAsync("Ours of programs");
        await Product.PersonAsync(ours, Role.Viewer, "programs@example.org");
        await Product.PersonAsync(theirs, Role.Viewer, "hidden@example.org");
        using var viewer = await Product.SignedInAsync("programs@example.org");
        using var member = await Product.SignedInAsync("hidden@example.org");
        using var nobody = Product.Stranger();

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
        var organisation = await Product.OrganisationAsync("Left");
        var person = await Product.PersonAsync(organisation, Role.Viewer, "left@example.org");
        using var browser = await Product.SignedInAsync("left@example.org");
        await Product.Services.GetRequiredService<ChangeMembership>().RunAsync(new Caller(Guid.NewGuid(), "Ada", organisation.Id, Role.Owner), person.Id, role: null, Stop);

        using var answer = await browser.GetAsync("/api/v1/ledger/export", Stop);

        Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Who_has_too_many_pages_open_is_told_so_and_can_still_sign_out()
    {
        var person = await Product.PersonAsync(await Product.OrganisationAsync("Many"), Role.Viewer, "many@example.org");
        using var browser = await Product.SignedInAsync("many@example.org");
        var pages = Product.Services.GetRequiredService<OpenPages>();
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
}
