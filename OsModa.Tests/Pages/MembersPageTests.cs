using Bunit;
using OsModa.Core.Accounts;
using OsModa.Dashboard.Pages.Members;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class MembersPageTests : PageRoom
{
    [Fact]
    public async Task The_last_owner_stays_one_and_the_list_shows_it_again()
    {
        var page = Render<MembersPage>();
        page.WaitForElement("select.role");

        await page.InvokeAsync(() => page.Find("select.role").ChangeAsync(new() { Value = nameof(Role.Viewer) }));

        page.WaitForAssertion(() => Assert.Contains(ChangeMembership.LastOwner, page.Find("p.error").TextContent, StringComparison.Ordinal));
        Assert.Equal(nameof(Role.Owner), page.Find("select.role").GetAttribute("value"));
    }

    [Fact]
    public async Task Taking_somebody_out_asks_once_more()
    {
        var ben = await AddAsync("Ben");
        var page = Render<MembersPage>();
        page.WaitForElement("[aria-label='Remove Ben']");

        await page.InvokeAsync(() => page.Find("[aria-label='Remove Ben']").ClickAsync());
        Assert.Contains(page.FindAll("td"), cell => cell.TextContent == "Ben");
        await page.InvokeAsync(() => page.FindAll("td button").First(button => button.TextContent == "Remove Ben").ClickAsync());

        page.WaitForAssertion(() => Assert.Contains("Ben is out.", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(page.FindAll("td"), cell => cell.TextContent == "Ben");
        Assert.NotEqual(Ann.PersonId, ben);
    }

    [Fact]
    public async Task An_invitation_is_shown_once_and_can_be_withdrawn()
    {
        var page = Render<MembersPage>();
        page.WaitForElement("#invite-email");
        await page.InvokeAsync(() => page.Find("#invite-email").Change("not an address"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => Assert.NotEmpty(page.Find("#invite-error").TextContent));

        await page.InvokeAsync(() => page.Find("#invite-email").Change("cleo@example.org"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => Assert.Contains("/invitation?code=", page.Find(".invited code").TextContent, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.Find("[aria-label='Withdraw the invitation of cleo@example.org']").ClickAsync());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[aria-label^=Withdraw]")));
    }

    private async Task<Guid> AddAsync(string name)
    {
        await using var context = Database.OpenForAll();
        var person = new Person { Id = Guid.CreateVersion7(), Name = name, UserName = $"{name}@example.org", NormalizedUserName = $"{name}@example.org".ToUpperInvariant(), SecurityStamp = "stamp" };
        context.Users.Add(person);
        context.Memberships.Add(new Membership { PersonId = person.Id, OrganisationId = Ann.OrganisationId, Role = Role.Operator });
        await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        return person.Id;
    }
}
