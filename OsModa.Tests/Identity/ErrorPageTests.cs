using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Identity;

public sealed class ErrorPageTests : IAsyncLifetime
{
    private readonly ProductInProcess _product = new();

    private const string NoPeople =
        "DROP TABLE \"PersonClaims\"; DROP TABLE \"PersonLogins\"; DROP TABLE \"PersonTokens\"; DROP TABLE \"Memberships\"; DROP TABLE \"People\";";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _product.InitializeAsync();

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task A_page_that_breaks_shows_no_trace_of_the_cause()
    {
        var code = await _product.SetupCodeAsync();
        await BreakAsync("DROP TABLE \"SetupCodes\"");
        using var stranger = _product.Stranger();

        await IsBrokenPageAsync(await stranger.GetAsync($"/setup?code={code}", Stop));
    }

    [Fact]
    public async Task A_form_that_breaks_shows_no_trace_of_the_cause()
    {
        await _product.SetupCodeAsync();
        await BreakAsync(NoPeople);
        using var stranger = _product.Stranger();

        await IsBrokenPageAsync(await ProductInProcess.PostAsync(stranger, "/sign-in", "/sign-in", ("email", "ada@example.org"), ("password", "guess")));
    }

    [Fact]
    public async Task The_page_about_a_fault_does_not_need_what_is_broken()
    {
        await _product.PersonAsync(await _product.OrganisationAsync("Acme"), Role.Viewer, "ada@example.org");
        using var browser = await _product.SignedInAsync("ada@example.org");
        await BreakAsync(NoPeople);
        _product.Clock.Advance(TimeSpan.FromMinutes(1));    // the next request looks at the person again

        await IsBrokenPageAsync(await browser.GetAsync("/", Stop));
    }

    [Fact]
    public async Task An_address_that_leads_nowhere_gets_a_page_that_says_so()
    {
        await _product.PersonAsync(await _product.OrganisationAsync("Acme"), Role.Viewer, "ada@example.org");
        using var browser = await _product.SignedInAsync("ada@example.org");
        using var answer = await browser.GetAsync("/no/such/page", Stop);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Nothing here", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_signed_in_finds_the_ways_to_other_pages_where_there_is_nothing_and_a_stranger_does_not()
    {
        await _product.PersonAsync(await _product.OrganisationAsync("Acme"), Role.Viewer, "ada@example.org");
        using var browser = await _product.SignedInAsync("ada@example.org");
        using var stranger = _product.Stranger();
        using var nowhere = await browser.GetAsync("/no/such/page", Stop);
        using var unknown = await stranger.GetAsync("/sign-in", Stop);

        Assert.Contains("href=\"/ledger\"", await nowhere.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Contains("href=\"/ledger\"", await browser.GetStringAsync("/account", Stop), StringComparison.Ordinal);
        Assert.Contains("<title>Your account", await browser.GetStringAsync("/account", Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/ledger\"", await unknown.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private async Task BreakAsync(string sql)
    {
        await using var context = _product.Services.GetRequiredService<Database>().OpenForAll();
        await context.Database.ExecuteSqlRawAsync(sql, Stop);
    }

    private static async Task IsBrokenPageAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Stop);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("That broke", text, StringComparison.Ordinal);
        foreach (var trace in (string[])["   at ", "Exception", "SQLite", "no such table", "OsModa.Core"])
        {
            Assert.DoesNotContain(trace, text, StringComparison.Ordinal);
        }

        Assert.Contains("frame-ancestors 'none'", string.Join(',', answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }
}
