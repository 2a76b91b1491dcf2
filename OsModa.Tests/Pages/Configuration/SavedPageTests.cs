using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Configuration.Proposing;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>The page of one commit: what it changed, and the way back with a preview and a reason.</summary>
public sealed class SavedPageTests : PageRoom
{
    private static readonly OptionPath Motd = OptionPath.Of("users", "motd");

    [Fact]
    public async Task A_commit_has_a_page_that_tells_its_fields()
    {
        var (_, commit) = await SavedAsync();

        var page = Open(commit.Text);

        page.WaitForAssertion(() => Assert.Equal("Friendlier", page.Find("h1").TextContent));
        Assert.Contains("users.motd", page.Find(".change-list").TextContent, StringComparison.Ordinal);
        Assert.EndsWith($"/configuration/commits/{commit.Text}?takeback=1", page.Find("a[href*=takeback]").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789012345678901234567890123456789")]
    [InlineData("%2e%2e")]
    public async Task What_is_no_commit_of_the_organisation_is_not_found(string name)
    {
        await SavedAsync();

        var notFound = false;
        Services.GetRequiredService<NavigationManager>().OnNotFound += (_, _) => notFound = true;
        var page = Open(name);

        page.WaitForAssertion(() => Assert.True(notFound));
    }

    [Fact]
    public async Task Taking_back_shows_what_it_changes_and_is_one_more_commit_with_its_reason()
    {
        var (settings, commit) = await SavedAsync();
        var page = Open(commit.Text, "?takeback=1");
        page.WaitForAssertion(() => Assert.Contains("users.motd", page.Find("dialog .change-list").TextContent, StringComparison.Ordinal));
        Assert.Single((await settings.ReadAsync()).Document.Settings);

        page.Find("#takeback-reason").Change("Too friendly.");
        await page.Find("dialog form").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.NotEqual($"/configuration/commits/{commit.Text}", new Uri(Services.GetRequiredService<NavigationManager>().Uri).AbsolutePath));
        Assert.Empty((await settings.ReadAsync()).Document.Settings);
        var newest = (await settings.HistoryAsync(1))[0];
        Assert.Equal("Taken back: Friendlier", newest.Title);
        Assert.StartsWith("Too friendly.", newest.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taking_back_may_wait_for_somebody_else()
    {
        var (settings, commit) = await SavedAsync();
        var page = Open(commit.Text, "?takeback=1");
        page.WaitForElement("dialog input[type=checkbox]").Change(true);

        await page.Find("dialog form").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Contains("?proposal=", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Single((await settings.ReadAsync()).Document.Settings);
        Assert.True(Assert.Single(await Services.GetRequiredService<ProposalList>().ListAsync(Ann, Xunit.TestContext.Current.CancellationToken)).NeedsApproval);
    }

    private async Task<(ServerSettings Settings, CommitId Commit)> SavedAsync()
    {
        var server = await AddServerAsync("web1");
        Assert.True(ServerName.TryParse(server.Name, out var name, out _));
        var settings = new ServerSettings(await Services.GetRequiredService<ConfigurationRepositories>().OfAsync(Ann.OrganisationId), name);
        var words = new CommitWords("Ann", "", TimeProvider.System.GetUtcNow(), "The first", "");
        await settings.SaveAsync(new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty, words);
        var saved = await settings.SaveAsync(await settings.ReadAsync(), SettingsDocument.Empty.With(new Setting(Motd, new NixText("Hello"))), words with { Title = "Friendlier" });
        return (settings, Assert.NotNull(saved.Commit));
    }

    private IRenderedComponent<SavedPage> Open(string commit, string query = "")
    {
        GoTo($"/configuration/commits/{commit}{query}");
        return Render<SavedPage>(parameters => parameters.Add(page => page.Commit, commit));
    }
}
