using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Storing;
using OsModa.Dashboard.Pages.Audit;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class LedgerPageTests : PageRoom
{
    private LedgerWriter Writer => Services.GetRequiredService<LedgerWriter>();

    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public void Before_the_first_entry_it_says_what_that_will_be()
    {
        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Contains("Nothing is in the ledger yet", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Entries_come_live_with_who_what_and_why_and_the_verdict_is_computed()
    {
        var web1 = await AddServerAsync("web1");
        var page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".entry").Count));

        await Writer.IntendAsync(LedgerActor.Of(Ann) with { Name = "Bob" }, "server.roll-back", web1.Id, "<it broke>", LedgerVerbs.Details(("from", "42"), ("to", "41")), cancellationToken: Stop);

        page.WaitForAssertion(() => Assert.Equal("web1 · asked to switch from 42 to 41 “<it broke>”", page.FindAll(".entry p")[0].TextContent));
        Assert.Equal("Bob", page.FindAll(".entry-actor")[0].TextContent);
        page.WaitForAssertion(() => Assert.Contains("entries verify.", page.Find(".verdict").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signature_draws_a_line_and_an_entry_in_full_brings_its_proof()
    {
        await AddServerAsync("web1");
        await Services.GetRequiredService<Publisher>().PublishAsync(Stop);
        GoTo("/ledger?entry=1");

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Contains("signed at 2", page.Find(".perforation").TextContent, StringComparison.Ordinal));
        Assert.StartsWith("c2sp.org/tlog-proof@v1\nindex 1\n", page.Find(".ledger-proof").TextContent, StringComparison.Ordinal);
        Assert.Equal("/api/v1/ledger/entries/1/proof", page.Find(".ledger-entry .actions a").GetAttribute("href"));
    }

    [Fact]
    public async Task The_address_filters_and_another_organisations_entries_are_never_there()
    {
        await AddServerAsync("web1");
        await Writer.NoticeAsync(LedgerActor.Dashboard(Ann.OrganisationId), "person.sign-in", "Signed in.");
        await Writer.NoticeAsync(LedgerActor.Dashboard(Guid.CreateVersion7()), "person.sign-in", "Somebody else's.");
        GoTo("/ledger?show=sign-ins");

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Equal("signed in Signed in.", Assert.Single(page.FindAll(".entry p")).TextContent));
        Assert.Equal("sign-ins", page.Find(".filter[aria-current]").TextContent);
    }

    [Theory]
    [InlineData("rollbacks", "a b&c", 7L, "/ledger?show=rollbacks&q=a%20b%26c&entry=7")]
    [InlineData("no such kind", " ", null, "/ledger")]
    public void What_is_shown_stands_in_the_address(string kind, string text, long? entry, string address) =>
        Assert.Equal(address, LedgerShow.Of(kind, text).Link("/ledger", entry));
}
