using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Storing;
using OsModa.Tests.Identity;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Api;

public sealed class LedgerExportTests(ProductInProcess product) : IClassFixture<ProductInProcess>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_viewer_takes_the_ledger_of_their_own_organisation_and_the_ledger_says_so()
    {
        var (ours, theirs) = (await product.OrganisationAsync("Ours"), await product.OrganisationAsync("Theirs"));
        await product.PersonAsync(ours, Role.Viewer, "viewer@ours.example");
        await product.ServerAsync(theirs, "secret-server");
        using var browser = await product.SignedInAsync("viewer@ours.example");
        await product.Services.GetRequiredService<Publisher>().PublishAsync(Stop);

        using var answer = await browser.GetAsync("/api/v1/ledger/export?proof=0", Stop);
        var bundle = await answer.Content.ReadAsByteArrayAsync(Stop);

        Assert.Equal((HttpStatusCode.OK, "application/zip"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.EndsWith(".zip", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'), StringComparison.Ordinal);
        var state = Queries.State(ours.Id)!;
        Assert.Equal(CheckResult.Ok, TestBundle.Check(bundle, state.Key!).Result);
        Assert.DoesNotContain(TestBundle.Members(bundle), member => System.Text.Encoding.UTF8.GetString(member.Data).Contains("secret-server", StringComparison.Ordinal));
        Assert.Equal(["done", ""], Queries.Page(ours.Id, new LedgerFilter { Type = ExportLedger.Verb }).Lines.Select(line => line.Action!.Outcome));
    }

    [Fact]
    public async Task Tables_are_of_one_server_when_asked_for()
    {
        var ours = await product.OrganisationAsync("Tables");
        await product.PersonAsync(ours, Role.Owner, "owner@tables.example");
        var (one, other) = (await product.ServerAsync(ours, "one"), await product.ServerAsync(ours, "other"));
        using var browser = await product.SignedInAsync("owner@tables.example");

        var csv = await browser.GetStringAsync($"/api/v1/ledger/export?as=csv&server={one.Id.Value}", Stop);
        var lines = await browser.GetStringAsync("/api/v1/ledger/export?as=jsonl", Stop);

        Assert.StartsWith("entry,received,", csv, StringComparison.Ordinal);
        Assert.Contains($"{one.Id.Value}", csv, StringComparison.Ordinal);
        Assert.DoesNotContain($"{other.Id.Value}", csv, StringComparison.Ordinal);
        Assert.Contains($"{other.Id.Value}", lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_ends_where_it_is_to_end_and_fields_that_were_left_empty_ask_for_nothing()
    {
        var ours = await product.OrganisationAsync("Ends");
        await product.PersonAsync(ours, Role.Owner, "owner@ends.example");
        await product.ServerAsync(ours, "one");
        using var browser = await product.SignedInAsync("owner@ends.example");
        await browser.GetStringAsync("/api/v1/ledger/export?as=csv", Stop);
        await product.Services.GetRequiredService<Publisher>().PublishAsync(Stop);

        var part = await browser.GetStringAsync("/api/v1/ledger/export?as=jsonl&from=1&until=2&previous=", Stop);
        var all = await browser.GetStringAsync("/api/v1/ledger/export?as=csv&from=&until=&previous=", Stop);
        using var bundle = await browser.GetAsync("/api/v1/ledger/export?as=bundle&from=&until=&previous=", Stop);
        using var wrong = await browser.GetAsync("/api/v1/ledger/export?as=csv&until=soon", Stop);

        Assert.Equal(["{\"seq\":1,", "{\"seq\":2,"], part.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line[..9]));
        Assert.Contains("\r\n0,", all, StringComparison.Ordinal);
        Assert.Equal(CheckResult.Ok, TestBundle.Check(await bundle.Content.ReadAsByteArrayAsync(Stop), Queries.State(ours.Id)!.Key!).Result);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("from, until and previous are numbers", await wrong.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_had_is_refused_in_a_sentence_and_the_attempt_is_in_the_ledger()
    {
        var ours = await product.OrganisationAsync("Refused");
        await product.PersonAsync(ours, Role.Owner, "owner@refused.example");
        using var browser = await product.SignedInAsync("owner@refused.example");
        await product.Services.GetRequiredService<Publisher>().PublishAsync(Stop);

        using var wrong = await browser.GetAsync("/api/v1/ledger/export?as=pdf", Stop);
        using var beyond = await browser.GetAsync("/api/v1/ledger/export?from=999", Stop);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Conflict), (wrong.StatusCode, beyond.StatusCode));
        Assert.Contains("The export would begin at entry 999", await beyond.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(["failed", ""], Queries.Page(ours.Id, new LedgerFilter { Type = ExportLedger.Verb }).Lines.Select(line => line.Action!.Outcome));
    }

    [Fact]
    public async Task The_page_that_checks_comes_as_a_download()
    {
        var ours = await product.OrganisationAsync("Page");
        await product.PersonAsync(ours, Role.Viewer, "viewer@page.example");
        using var browser = await product.SignedInAsync("viewer@page.example");

        using var answer = await browser.GetAsync("/api/v1/ledger/verify.html", Stop);

        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(VerifyPage.Html, await answer.Content.ReadAsByteArrayAsync(Stop));
    }

    private LedgerQueries Queries => product.Services.GetRequiredService<LedgerQueries>();
}
