using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Dashboard.Pages.Audit;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class LedgerPageTests : PageRoom
{
    private static readonly VerifierKey Stranger = NewKey("stranger.example/ledger/0123");

    private LedgerWriter Writer => Services.GetRequiredService<LedgerWriter>();

    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    protected override WitnessSettings Witnesses { get; } = new([], [Stranger]);

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
        page.WaitForAssertion(() => Assert.Contains("All 2 entries verify.", page.Find(".verdict").TextContent, StringComparison.Ordinal));

        await Writer.IntendAsync(LedgerActor.Of(Ann) with { Name = "Bob" }, "server.roll-back", web1.Id, "<it broke>", LedgerVerbs.Details(("from", "42"), ("to", "41")), cancellationToken: Stop);

        page.WaitForAssertion(() => Assert.Equal("web1 · asked to switch from 42 to 41: “<it broke>”", page.FindAll(".entry p")[0].TextContent));
        Assert.Equal("Bob", page.FindAll(".entry-actor")[0].TextContent);
        page.WaitForAssertion(() => Assert.Contains("All 3 entries verify.", page.Find(".verdict").TextContent, StringComparison.Ordinal));
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
    public async Task An_entry_opens_under_its_own_line_and_its_number_has_the_focus_when_it_is_closed()
    {
        await AddServerAsync("web1");
        GoTo("/ledger?entry=0");
        var page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Equal("Entry 0 with its proof", page.Find(".entry-open").PreviousElementSibling?.QuerySelector(".entry-number")?.GetAttribute("aria-label")));
        Assert.NotNull(page.Find(".entry-open h2").GetAttribute("data-arrived"));

        GoTo("/ledger");

        page.WaitForAssertion(() => Assert.Equal("Entry 0 with its proof", page.Find("[data-arrive]").GetAttribute("aria-label")));
        Assert.Empty(page.FindAll(".ledger-entry"));
    }

    [Fact]
    public async Task The_address_filters_and_another_organisations_entries_are_never_there()
    {
        await AddServerAsync("web1");
        await Writer.NoticeAsync(LedgerActor.Dashboard(Ann.OrganisationId), "person.sign-in", "Signed in.");
        await Writer.NoticeAsync(LedgerActor.Dashboard(Guid.CreateVersion7()), "person.sign-in", "Somebody else's.");
        GoTo("/ledger?show=sign-ins");

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Equal("signed in", Assert.Single(page.FindAll(".entry p")).TextContent));
        Assert.Equal("sign-ins", page.Find(".filter[aria-current]").TextContent);
    }

    [Fact]
    public async Task An_owner_takes_a_text_out_and_the_page_says_who_did_and_why()
    {
        await AddServerAsync("web1");
        await Writer.NoticeAsync(LedgerActor.Of(Ann), "person.sign-in", "From the secret place.");
        await Services.GetRequiredService<Publisher>().PublishAsync(Stop);
        GoTo("/ledger?entry=2");
        var page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Contains("From the secret place.", page.Find(".ledger-entry").TextContent, StringComparison.Ordinal));

        page.Find("#redact-reason").Change("she asked for it");
        await page.Find("#redact-reason").Closest("form")!.SubmitAsync();

        page.WaitForAssertion(() => Assert.Contains($"by {Ann.Name}: “she asked for it”", page.Find(".ledger-entry").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("secret place", page.Markup, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal("took the text out of entry 2: “she asked for it”", page.FindAll(".entry p")[0].TextContent));
        Assert.Contains("its text was taken out by", page.FindAll(".entry p")[1].TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#redact-reason"));
        page.WaitForAssertion(() => Assert.Contains("entries verify.", page.Find(".verdict").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task For_how_many_logs_of_others_it_witnesses_is_said_and_not_for_whose()
    {
        await AddServerAsync("web1");
        await Services.GetRequiredService<Publisher>().PublishAsync(Stop);

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Contains("It witnesses for 1 log of others.", page.Find(".ledger-vouching").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("stranger.example", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_replaces_the_key_and_the_page_shows_the_new_one()
    {
        await AddServerAsync("web1");
        await Services.GetRequiredService<Publisher>().PublishAsync(Stop);
        var page = Render<OrganisationPage>();
        page.WaitForElement("#rotate-reason").Change("the disk was sold");
        var before = page.Find(".ledger-vouching dd").TextContent;

        await page.Find("#rotate-reason").Closest("form")!.SubmitAsync();

        page.WaitForAssertion(() => Assert.Equal("replaced the key of the ledger: “the disk was sold”", page.FindAll(".entry p")[0].TextContent));
        page.WaitForAssertion(() => Assert.NotEqual(before, page.Find(".ledger-vouching dd").TextContent));
    }

    [Fact]
    public async Task A_search_that_has_looked_back_far_enough_says_how_far_and_goes_on_from_there()
    {
        var writer = Services.GetRequiredService<LedgerStore>();
        for (var i = 0; i <= Core.Ledger.Reading.LedgerQueries.MostTexts / 10_000; i++)
        {
            await writer.AppendAsync(Ann.OrganisationId, [.. Enumerable.Range(0, 10_000).Select(n => Core.Ledger.Storing.NewRecord.Of(Core.Ledger.Records.RecordKind.Notice, new() { Verb = "test.act", Text = i + n == 0 ? "needle" : "hay" }, Ann.OrganisationId, DateTimeOffset.UnixEpoch))], Stop);
        }

        GoTo("/ledger?q=needle");
        var page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Contains("Searched back to", page.Find(".ledger-searched").TextContent, StringComparison.Ordinal));
        Assert.Contains("entry 10,000.", page.Find(".ledger-searched").TextContent, StringComparison.Ordinal);
        Assert.Equal("/ledger?q=needle&before=10000", page.Find(".ledger-searched a").GetAttribute("href"));

        GoTo("/ledger?q=needle&before=10000");
        page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".entry")));
        Assert.Empty(page.FindAll(".ledger-searched"));
    }

    [Fact]
    public async Task Epochs_can_be_chosen_and_one_that_has_ended_says_why_and_shows_its_entries()
    {
        await AddServerAsync("web1");
        await Services.GetRequiredService<Publisher>().PublishAsync(Stop);
        await Services.GetRequiredService<LedgerStore>().BeginEpochAsync(Ann.OrganisationId, new() { Verb = "", Who = "Ann", Why = "the <disk> broke" }, DateTimeOffset.UnixEpoch);

        var page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Equal(["epoch 2, now", "epoch 1"], page.FindAll(".ledger-epochs a").Select(link => link.TextContent)));
        Assert.Single(page.FindAll(".entry"));
        Assert.Equal("/ledger?epoch=1", page.FindAll(".ledger-epochs a")[1].GetAttribute("href"));

        GoTo("/ledger?epoch=1&entry=1");
        page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Contains("Ann: “the <disk> broke”", page.Markup.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal(2, page.FindAll(".entry").Count);
        Assert.Equal("/api/v1/ledger/entries/1/proof?epoch=1", page.Find(".ledger-entry .actions a").GetAttribute("href"));
        Assert.Equal("1", page.Find(".ledger-away-form input[name=epoch]").GetAttribute("value"));
        Assert.Equal([("from", "0"), ("until", null), ("previous", null)], page.FindAll(".ledger-away-form input[type=number]").Select(field => (field.GetAttribute("name"), field.GetAttribute("value"))));
        Assert.Empty(page.FindAll("#rotate-reason"));
        page.WaitForAssertion(() => Assert.Contains("entries verify.", page.Find(".verdict").TextContent, StringComparison.Ordinal));
        Assert.Contains("This epoch has ended: the newest one has the entry that says so", page.Find(".ledger-entry").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("#redact-reason").ChangeAsync(new() { Value = "asked for it" }));
        await page.InvokeAsync(() => page.Find(".ledger-entry form.lift").SubmitAsync());
        page.WaitForAssertion(() => Assert.Equal("/ledger?entry=1&epoch=2", page.Find(".ledger-entry dd a[href*='entry=1&']").GetAttribute("href")));
        Assert.Contains("“asked for it” Entry 1 of epoch 2 says so.", page.Find(".ledger-entry").TextContent, StringComparison.Ordinal);

        GoTo("/ledger?epoch=7");
        page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Contains("The ledger has no epoch 7.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Entries_are_found_by_who_did_it_on_which_days_and_about_which_server()
    {
        var web1 = await AddServerAsync("web1");
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await Writer.NoticeAsync(LedgerActor.Of(Ann) with { Name = "Bob Bobson" }, "person.sign-in", "Here.");
        GoTo($"/ledger?who=BOBS&from={today.AddDays(-1):yyyy-MM-dd}&to={today.AddDays(1):yyyy-MM-dd}");
        var page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Equal("Bob Bobson", Assert.Single(page.FindAll(".entry-actor")).TextContent));
        Assert.Equal("BOBS", page.Find("#ledger-who").GetAttribute("value"));

        await page.InvokeAsync(() => page.Find("#ledger-who").ChangeAsync(new() { Value = "" }));
        await page.InvokeAsync(() => page.Find("#ledger-server").ChangeAsync(new() { Value = web1.Id.Value.ToString() }));
        await page.InvokeAsync(() => page.Find(".ledger-narrow form").SubmitAsync());
        Assert.EndsWith($"&server={web1.Id.Value:D}", Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri, StringComparison.Ordinal);

        GoTo($"/ledger?to={today.AddDays(-2):yyyy-MM-dd}");
        page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Contains("No entry matches", page.Markup, StringComparison.Ordinal));

        GoTo("/ledger?from=yesterday");
        page = Render<OrganisationPage>();
        page.WaitForAssertion(() => Assert.Contains("“yesterday” in the address is no day. Days are written as in 2026-03-05.", page.Markup, StringComparison.Ordinal));
        Assert.Equal(3, page.FindAll(".entry").Count);
    }

    [Theory]
    [InlineData("rollbacks", "a b&c", 7L, "/ledger?show=rollbacks&q=a%20b%26c&entry=7")]
    [InlineData("no such kind", " ", null, "/ledger")]
    public void What_is_shown_stands_in_the_address(string kind, string text, long? entry, string address) =>
        Assert.Equal(address, LedgerShow.Of(kind, text).Link("/ledger", entry));

    private static VerifierKey NewKey(string name)
    {
        using var key = SignerKey.Generate(name);
        return key.Verifier;
    }
}
