using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration.Proposing;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>Where the focus goes on is said with data-arrive, since a pressed button is disabled meanwhile or goes.</summary>
public sealed class ProposalSheetTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public async Task Whoever_approves_goes_on_at_the_title_and_is_told_that_it_is_approved()
    {
        var sheet = await OpenAsync();
        Assert.Empty(sheet.FindAll("[data-arrive]"));

        await sheet.InvokeAsync(() => Button(sheet, "Approve it").ClickAsync());

        sheet.WaitForAssertion(() => Assert.Contains($"approved by {Ann.Name}", sheet.Find("p[role=status]").TextContent, StringComparison.Ordinal));
        Assert.Equal("sheet-title", Assert.Single(sheet.FindAll("[data-arrive]")).Id);
    }

    [Fact]
    public async Task Whoever_comments_goes_on_in_the_field_and_what_was_wrong_is_an_alert()
    {
        var sheet = await OpenAsync();

        await sheet.InvokeAsync(() => Button(sheet, "Say it").ClickAsync());
        sheet.WaitForAssertion(() => Assert.NotEmpty(sheet.Find(".notice[role=alert]").TextContent));
        Assert.Empty(sheet.FindAll("[data-arrive]"));

        await sheet.InvokeAsync(() => sheet.Find("#comment").Change("Why so large?"));
        await sheet.InvokeAsync(() => Button(sheet, "Say it").ClickAsync());

        sheet.WaitForAssertion(() => Assert.Contains("Why so large?", sheet.Find(".comments").TextContent, StringComparison.Ordinal));
        Assert.Equal("comment", Assert.Single(sheet.FindAll("[data-arrive]")).Id);
    }

    protected override async Task ArrangeAsync()
    {
        _web1 = await AddServerAsync("web1");
        await AdoptAsync(_web1);
        Fleet.Update(_web1.Id, state => Running(state));
    }

    private static IElement Button(IRenderedComponent<ProposalSheet> sheet, string text) => sheet.FindAll("button").First(button => button.TextContent == text);

    private async Task<IRenderedComponent<ProposalSheet>> OpenAsync()
    {
        Assert.True(ServerName.TryParse(_web1.Name, out var name, out _));
        var settings = new ServerSettings(await Services.GetRequiredService<ConfigurationRepositories>().OfAsync(Ann.OrganisationId), name);
        await settings.SaveAsync(new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty, new CommitWords("Ben", "", TimeProvider.System.GetUtcNow(), "The first", ""));
        var ben = Ann with { PersonId = Guid.NewGuid(), Name = "Ben", Role = Role.Operator };
        var form = new ProposalForm
        {
            Id = Guid.CreateVersion7(),
            Title = "Friendlier",
            Reason = "",
            NeedsApproval = true,
            Changes = [new ProposedSettings(_web1.Id, await settings.ReadAsync(), SettingsDocument.Empty.With(new Setting(OptionPath.Of("users", "motd"), new NixText("Hello"))))],
        };
        var proposed = await Services.GetRequiredService<ProposeChange>().RunAsync(ben, form, Xunit.TestContext.Current.CancellationToken);
        Assert.True(proposed.Done, string.Join(' ', proposed.Errors.ByField.Values));
        var sheet = Render<ProposalSheet>(parameters => parameters
            .Add(s => s.Server, ServerCard.Of(_web1)).Add(s => s.State, Fleet[_web1.Id]).Add(s => s.Proposal, form.Id).Add(s => s.Close, "/").Add(s => s.MayAct, true));
        sheet.WaitForElement("#comment");
        return sheet;
    }
}
