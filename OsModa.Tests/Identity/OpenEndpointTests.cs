using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.StaticAssets;
using OsModa.Core.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>What nobody has to be signed in for: found from the application itself, so that new endpoints are in it.</summary>
public sealed class OpenEndpointTests(ProductInProcess product) : EndpointRoom(product)
{
    private static readonly string[] OpenToAll =
    [
        "/favicon.ico", "/healthz", "/invitation", "/js/verifier.js", "/not-found", "/nothing-here", "/setup", "/sign-in", "/witness/add-checkpoint",
    ];

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
        using var stranger = Product.Stranger();

        using var answer = await stranger.GetAsync("/favicon.ico", Stop);
        using var icon = await stranger.GetAsync(answer.Headers.Location, Stop);

        Assert.Equal((HttpStatusCode.Redirect, "image/svg+xml"), (answer.StatusCode, icon.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task The_script_that_checks_heads_is_served_once_and_then_only_asked_for()
    {
        using var stranger = Product.Stranger();

        using var script = await stranger.GetAsync("/js/verifier.js", Stop);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/js/verifier.js");
        again.Headers.IfNoneMatch.Add(script.Headers.ETag!);
        using var unchanged = await stranger.SendAsync(again, Stop);

        Assert.Equal((HttpStatusCode.OK, "text/javascript"), (script.StatusCode, script.Content.Headers.ContentType?.MediaType));
        Assert.Equal(VerifyPage.HeadModule, await script.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }
}
