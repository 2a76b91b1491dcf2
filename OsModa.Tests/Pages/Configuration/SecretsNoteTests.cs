using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>How secrets are added where no module for them is imported.</summary>
public sealed class SecretsNoteTests : PageRoom
{
    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_click_proposes_it_where_the_files_are_as_they_were_made_here()
    {
        var note = await OpenAsync(SourceKind.Flake, own: false, tags: "production");

        await note.Find("button[data-set-up=sops-nix]").ClickAsync(new());
        await note.WaitForAssertionAsync(() => Assert.Equal("Say why: web1 is tagged production.", note.Find("#secrets-reason-error").TextContent));
        await note.Find("#secrets-reason").ChangeAsync(new() { Value = "For the mail." });
        await note.Find("button[data-set-up=sops-nix]").ClickAsync(new());

        await note.WaitForAssertionAsync(() => Assert.Contains("/servers/web1/configuration?proposal=", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        var proposal = Assert.Single(await Services.GetRequiredService<ProposalList>().ListAsync(Ann, Stop));
        Assert.Equal(("sops-nix is set up for web1", "For the mail."), (proposal.Title, proposal.Reason));
    }

    [Theory]
    [InlineData(SourceKind.Flake, "servers/web1/flake.nix is yours", "sops-nix.nixosModules.sops")]
    [InlineData(SourceKind.Channel, "Add to its servers/web1/configuration.nix", "fetchTarball")]
    public async Task Elsewhere_the_lines_are_shown_and_can_be_copied(SourceKind kind, string said, string line)
    {
        var note = await OpenAsync(kind, own: kind == SourceKind.Flake);

        Assert.Contains(said, note.Markup, StringComparison.Ordinal);
        Assert.Contains(line, note.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Equal(note.FindAll("pre").Select(lines => lines.TextContent), note.FindAll("button[data-copy]").Select(button => button.GetAttribute("data-copy")));
        Assert.Empty(note.FindAll("button[data-set-up]"));
    }

    [Fact]
    public async Task Who_may_only_look_is_told_who_can()
    {
        var note = await OpenAsync(SourceKind.Flake, own: false, mayAct: false);

        Assert.Contains("Somebody with the role operator can propose it.", note.Markup, StringComparison.Ordinal);
        Assert.Empty(note.FindAll("button[data-set-up]"));
    }

    private async Task<IRenderedComponent<SecretsNote>> OpenAsync(SourceKind kind, bool own, bool mayAct = true, string? tags = null)
    {
        var web1 = await AddServerAsync("web1", tags);
        Assert.True(ServerName.TryParse(web1.Name, out var name, out _));
        var settings = new ServerSettings(await Services.GetRequiredService<ConfigurationRepositories>().OfAsync(Ann.OrganisationId), name);
        await settings.SaveAsync(new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty, new CommitWords("Ann", "", TimeProvider.System.GetUtcNow(), "First", ""));
        var context = Database.OpenFor(Ann);
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = web1.Id, OrganisationId = Ann.OrganisationId, Kind = kind, OwnFlake = own, FlakeName = "web1", AdoptedAt = TimeProvider.System.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }

        var note = Render<SecretsNote>(parameters => parameters.Add(n => n.Server, ServerCard.Of(web1)).Add(n => n.Address, "/servers/web1/configuration").Add(n => n.MayAct, mayAct));
        await note.WaitForAssertionAsync(() => Assert.Empty(note.FindAll(".skeleton")));
        return note;
    }
}
