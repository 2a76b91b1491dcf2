using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Reading;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>Whichever way support looks, it stands in the ledger before the answer.</summary>
public sealed class SupportLooksTests(ProductInProcess product) : IClassFixture<ProductInProcess>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/people", HttpStatusCode.OK)]
    [InlineData("/api/v1/ledger/entries/20/proof", HttpStatusCode.NotFound)]
    public async Task Pages_and_programs_of_support_are_written_down_once(string address, HttpStatusCode expected)
    {
        var organisation = await product.OrganisationAsync("Helped");
        var email = $"{Guid.NewGuid():N}@example.org";
        await product.PersonAsync(organisation, Role.Support, email);
        using var browser = await product.SignedInAsync(email);

        Assert.Equal(expected, (await browser.GetAsync(address, Stop)).StatusCode);
        Assert.Equal(expected, (await browser.GetAsync($"{address}?again=1", Stop)).StatusCode);

        var look = Assert.Single(Lines(organisation.Id), static line => line.Type == SupportViews.Verb).Action!;
        Assert.Equal((address, "Helped", "The Support"), (look.Details["page"], look.For, look.Who));
    }

    [Fact]
    public async Task A_viewer_leaves_no_entry_for_looking()
    {
        var organisation = await product.OrganisationAsync("Seen");
        await product.PersonAsync(organisation, Role.Viewer, "viewer@seen.example");
        using var browser = await product.SignedInAsync("viewer@seen.example");

        await browser.GetAsync("/", Stop);

        Assert.DoesNotContain(Lines(organisation.Id), static line => line.Type == SupportViews.Verb);
    }

    private IReadOnlyList<LedgerLine> Lines(Guid organisation) => product.Services.GetRequiredService<LedgerQueries>().Page(organisation, LedgerFilter.Everything).Lines;
}
