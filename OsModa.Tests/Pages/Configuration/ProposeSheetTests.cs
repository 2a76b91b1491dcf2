using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration.Editing;
using OsModa.Dashboard.Pages.Configuration.Proposing;
using OsModa.Tests.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>A change with its title and reason, on its way into the history.</summary>
public sealed class ProposeSheetTests : PageRoom
{
    private readonly SomeSchema _some = new();
    private ConfigurationRepository? _repository;

    [Fact]
    public async Task What_was_proposed_and_cannot_be_merged_is_said_to_wait()
    {
        var sheet = await OpenAsync("web1");
        // A folder where the branch would be written: everything but the merge works.
        await _repository!.Git.RunAsync(["pack-refs", "--all"]);
        var branch = Path.Combine(_repository.Git.Folder, "refs", "heads", "main");
        File.Delete(branch);
        Directory.CreateDirectory(branch);
        await File.WriteAllTextAsync(Path.Combine(branch, "in-the-way"), "", Xunit.TestContext.Current.CancellationToken);

        sheet.Find("#proposal-title").Change("More workers");
        await sheet.Find("form").SubmitAsync();

        await sheet.WaitForAssertionAsync(() => Assert.Contains("It waits as a proposal and is not in the history yet.", sheet.Markup, StringComparison.Ordinal));
        var waiting = Assert.Single(await Services.GetRequiredService<ProposalList>().ListAsync(Ann, Xunit.TestContext.Current.CancellationToken));
        Assert.Equal($"/here?proposal={waiting.Id}", sheet.Find(".notice a").GetAttribute("href"));
    }

    [Fact]
    public async Task Why_a_production_server_changes_has_to_be_said()
    {
        var sheet = await OpenAsync("web1", RollBackRules.ProductionTag);
        sheet.Find("#proposal-title").Change("More workers");

        await sheet.Find("form").SubmitAsync();

        await sheet.WaitForAssertionAsync(() => Assert.Contains("Say why: web1 is tagged production.", sheet.Find(".error").TextContent, StringComparison.Ordinal));
        Assert.Empty(await Services.GetRequiredService<ProposalList>().ListAsync(Ann, Xunit.TestContext.Current.CancellationToken));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _some.Dispose();
        }
    }

    private async Task<IRenderedComponent<ProposeSheet>> OpenAsync(string server, string? tags = null)
    {
        var row = await AddServerAsync(server, tags);
        Assert.True(ServerName.TryParse(row.Name, out var name, out _));
        await AdoptAsync(row);
        _repository = await Services.GetRequiredService<ConfigurationRepositories>().OfAsync(Ann.OrganisationId);
        var settings = new ServerSettings(_repository, name);
        await settings.SaveAsync(new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty, new CommitWords("Ann", "", TimeProvider.System.GetUtcNow(), "The first", ""));
        var basis = await settings.ReadAsync();
        var session = new FormSession(_some.Schema, basis, basis.Document.With(new Setting(SomeSchema.Path("services.web.workers"), new NixInteger(8))));
        var card = (await Services.GetRequiredService<ServerBook>().OfAsync(Ann)).Single();
        return Render<ProposeSheet>(parameters => parameters.Add(s => s.Server, card).Add(s => s.Session, session).Add(s => s.Close, "/here"));
    }
}
