using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using Xunit;

namespace OsModa.Tests.Identity;

public sealed class AccountPageTests : IAsyncLifetime
{
    private const string NewPassword = "another horse battery";
    private readonly ProductInProcess _product = new();
    private Organisation _organisation = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _product.InitializeAsync();
        _organisation = await _product.OrganisationAsync("Acme");
        await _product.PersonAsync(_organisation, Role.Owner, "ada@example.org");
    }

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task A_new_password_replaces_the_old_one_and_ends_other_sessions()
    {
        using var here = await _product.SignedInAsync("ada@example.org");
        using var there = await _product.SignedInAsync("ada@example.org");

        var answer = await ProductInProcess.PostAsync(here, "/account", "/account/password", ("current", ProductInProcess.Password), ("password", NewPassword));
        _product.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("/account?done=password", answer.Headers.Location!.ToString());
        Assert.Contains("Your password is changed", await here.GetStringAsync("/account?done=password", Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/account", Stop)).StatusCode);
        (await _product.SignedInAsync("ada@example.org", NewPassword)).Dispose();
    }

    [Fact]
    public async Task The_password_is_not_changed_without_the_one_of_now()
    {
        using var browser = await _product.SignedInAsync("ada@example.org");

        var answer = await ProductInProcess.PostAsync(browser, "/account", "/account/password", ("current", "not mine at all"), ("password", NewPassword));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("That is not your password now", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        (await _product.SignedInAsync("ada@example.org")).Dispose();
    }

    [Fact]
    public async Task Somebody_of_two_organisations_works_in_the_one_they_choose()
    {
        var second = await _product.OrganisationAsync("Beta");
        var invited = await _product.Services.GetRequiredService<InvitePerson>().RunAsync(
            new Caller(Guid.NewGuid(), "Bob", second.Id, Role.Owner), "ada@example.org", Role.Viewer, Stop);
        var code = invited.Value!.Code.Text;
        using var browser = await _product.SignedInAsync("ada@example.org");

        var joined = await ProductInProcess.PostAsync(browser, $"/invitation?code={code}", "/invitation/join", ("code", code));
        Assert.Equal("/", joined.Headers.Location!.ToString());
        Assert.Contains($"value=\"{second.Id}\" selected", await browser.GetStringAsync("/account", Stop), StringComparison.Ordinal);

        await ProductInProcess.PostAsync(browser, "/account", "/account/organisation", ("organisation", _organisation.Id.ToString()));
        Assert.Contains($"value=\"{_organisation.Id}\" selected", await browser.GetStringAsync("/account", Stop), StringComparison.Ordinal);

        await ProductInProcess.PostAsync(browser, "/account", "/account/organisation", ("organisation", Guid.NewGuid().ToString()));
        Assert.Contains($"value=\"{_organisation.Id}\" selected", await browser.GetStringAsync("/account", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_person_joins_by_the_link_and_is_signed_in()
    {
        var invited = await _product.Services.GetRequiredService<InvitePerson>().RunAsync(
            new Caller(Guid.NewGuid(), "Ada", _organisation.Id, Role.Owner), "grace@example.org", Role.Operator, Stop);
        var code = invited.Value!.Code.Text;
        using var browser = _product.Stranger();

        var page = await browser.GetStringAsync($"/invitation?code={code}", Stop);
        Assert.Contains("Ada invites grace@example.org as operator of Acme.", page, StringComparison.Ordinal);
        await ProductInProcess.PostAsync(browser, $"/invitation?code={code}", "/invitation", ("code", code), ("name", "Grace"), ("password", NewPassword));

        Assert.Contains("grace@example.org", await browser.GetStringAsync("/account", Stop), StringComparison.Ordinal);
        using var again = _product.Stranger();
        Assert.Equal(HttpStatusCode.NotFound, (await again.GetAsync($"/invitation?code={code}", Stop)).StatusCode);
    }

    [Fact]
    public async Task Whoever_belongs_nowhere_any_more_is_told_so_instead_of_being_sent_in_a_circle()
    {
        var person = await _product.PersonAsync(_organisation, Role.Viewer, "grace@example.org");
        using var browser = await _product.SignedInAsync("grace@example.org");
        await _product.Services.GetRequiredService<ChangeMembership>().RunAsync(new Caller(Guid.NewGuid(), "Ada", _organisation.Id, Role.Owner), person.Id, role: null, Stop);

        using var answer = await browser.GetAsync("/sign-in?returnUrl=/", Stop);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("belongs to no organisation any more", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_people_page_is_for_everybody_and_its_buttons_for_owners()
    {
        await _product.PersonAsync(_organisation, Role.Viewer, "grace@example.org");
        using var owner = await _product.SignedInAsync("ada@example.org");
        using var viewer = await _product.SignedInAsync("grace@example.org");

        Assert.Contains("Invite somebody", await owner.GetStringAsync("/people", Stop), StringComparison.Ordinal);
        var seen = await viewer.GetStringAsync("/people", Stop);
        Assert.Contains("ada@example.org", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Invite somebody", seen, StringComparison.Ordinal);
    }
}
