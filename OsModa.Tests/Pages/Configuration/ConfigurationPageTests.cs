using System.Text;
using AngleSharp.Dom;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

public class ConfigurationPageTests : PageRoom
{
    private const string Options = """
        [{"loc":["services","nginx","enable"],"type":{"kind":"bool","says":"boolean"},"about":"Whether to run nginx.","default":{"value":false}},
         {"loc":["services","nginx","clientMaxBodySize"],"type":{"kind":"str","says":"string"},"about":"Largest upload.","default":{"value":"10m"}},
         {"loc":["networking","firewall","allowedTCPPorts"],"type":{"kind":"listOf","sub":{"elemType":{"kind":"unsignedInt16","says":"16 bit unsigned integer; between 0 and 65535 (both inclusive)"}}},"default":{"value":[]}},
         {"loc":["boot","odd"],"type":{"kind":"int","says":"signed integer"},"about":"Stands on no page."}]
        """;

    private Server? _server;

    protected string[] Source { get; set; } = ["channel", "stamp\t" + new string('a', 64)];

    [Fact]
    public async Task The_options_of_a_server_are_read_when_somebody_opens_its_page_for_the_first_time()
    {
        var page = await OpenAsync();

        page.WaitForAssertion(() => Assert.Contains("Web server", page.Find(".outline").TextContent, StringComparison.Ordinal));
        Assert.Equal("Search 4 options", page.Find("#option-search").GetAttribute("placeholder"));
        Assert.Contains("No module of web1", page.Find(".outline-absent").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("?topic=secrets", page.Find(".outline-absent a").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_as_it_is_leads_to_how_secrets_are_added()
    {
        var page = await OpenAsync("?topic=web");
        page.WaitForElement("#f-services\\.nginx\\.clientMaxBodySize").Input("ghp_0123456789abcdefghijklmnopqrstuvwxyz");
        page.WaitForAssertion(() => Assert.EndsWith("/configuration?topic=secrets", page.Find("a[data-secrets]").GetAttribute("href"), StringComparison.Ordinal));

        var secrets = await OpenAsync("?topic=secrets");

        secrets.WaitForAssertion(() => Assert.Contains("Read web1 in first", secrets.Find(".secrets-note").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("page of the form", secrets.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_becomes_a_line_of_Nix_and_a_draft_that_is_there_again_on_the_next_visit()
    {
        var page = await OpenAsync("?topic=web");
        page.WaitForElement("#f-services\\.nginx\\.clientMaxBodySize").Input("64m");

        page.WaitForAssertion(() => Assert.Contains("clientMaxBodySize = \"64m\";", page.Find(".nix .touched").TextContent, StringComparison.Ordinal));
        Assert.Contains("1 change", page.Find(".check-bar .changed").TextContent, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Contains("your draft is kept", page.Find(".check-bar").TextContent, StringComparison.Ordinal));

        var again = await OpenAsync("?topic=web");
        Assert.Equal("64m", again.WaitForElement("#f-services\\.nginx\\.clientMaxBodySize").GetAttribute("value"));
        again.Find("[data-undo]").IsDisabled();
    }

    [Fact]
    public async Task A_draft_that_the_database_does_not_take_stays_in_the_form_and_is_kept_once_it_does()
    {
        var page = await OpenAsync("?topic=web");
        var field = page.WaitForElement("#f-services\\.nginx\\.clientMaxBodySize");
        await RunAsync("ALTER TABLE ConfigurationDrafts RENAME TO Elsewhere");
        field.Input("64m");

        page.WaitForAssertion(() => Assert.Contains("your draft could not be kept", page.Find(".check-bar").TextContent, StringComparison.Ordinal));
        Assert.Equal("64m", page.Find("#f-services\\.nginx\\.clientMaxBodySize").GetAttribute("value"));

        await RunAsync("ALTER TABLE Elsewhere RENAME TO ConfigurationDrafts");
        page.WaitForAssertion(() => Assert.Contains("your draft is kept", page.Find(".check-bar").TextContent, StringComparison.Ordinal));
        Assert.Single(await Services.GetRequiredService<Drafts>().OfAsync(Ann, _server!.Id, Xunit.TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_any_more_is_told_that_nothing_is_kept()
    {
        var page = await OpenAsync("?topic=web");
        var field = page.WaitForElement("#f-services\\.nginx\\.clientMaxBodySize");
        await RunAsync("ALTER TABLE Memberships RENAME TO Elsewhere; CREATE TABLE Memberships AS SELECT * FROM Elsewhere WHERE 0");
        Services.GetRequiredService<Callers>().Forget(Ann.PersonId);
        field.Input("64m");

        page.WaitForAssertion(() => Assert.Contains("You are not signed in any more.", page.Find(".schema-notes").TextContent, StringComparison.Ordinal));
        Assert.Equal("64m", page.Find("#f-services\\.nginx\\.clientMaxBodySize").GetAttribute("value"));

        await RunAsync("DROP TABLE Memberships; ALTER TABLE Elsewhere RENAME TO Memberships");
        Services.GetRequiredService<Callers>().Forget(Ann.PersonId);
        page.WaitForAssertion(() => Assert.Contains("your draft is kept", page.Find(".check-bar").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("You are not signed in any more.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_a_proposal_is_being_changed_is_said_again_after_a_reload_until_it_is_decided()
    {
        var size = OptionPath.Of("services", "nginx", "clientMaxBodySize");
        var proposal = new Proposal { Id = Guid.CreateVersion7(), OrganisationId = Ann.OrganisationId, Title = "Uploads of 64 MB", Reason = "", AuthorId = Ann.PersonId, AuthorName = Ann.Name, AuthorEmail = "", At = DateTimeOffset.UnixEpoch, Basis = new string('a', 40), Content = new string('b', 40) };
        var context = Database.OpenFor(Ann);
        await using (context)
        {
            context.Add(proposal);
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
            var document = SettingsDocument.Empty.With(new Setting(size, new NixText("64m")));
            await Services.GetRequiredService<Drafts>().SaveAsync(Ann, _server!.Id, new SettingsAt(null, SettingsDocument.Empty), document, proposal.Id, Xunit.TestContext.Current.CancellationToken);

            var page = await OpenAsync("?topic=web");
            page.WaitForAssertion(() => Assert.Contains("You are changing your proposal Uploads of 64 MB. Proposing makes version 2 of it.", page.Find(".editing-proposal").TextContent, StringComparison.Ordinal));

            proposal.State = ProposalState.Merged;
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }

        var later = await OpenAsync("?topic=web");
        later.WaitForElement("#f-services\\.nginx\\.clientMaxBodySize");
        Assert.Empty(later.FindAll(".editing-proposal"));
    }

    [Fact]
    public async Task While_a_server_is_not_adopted_nothing_can_be_proposed_for_it()
    {
        var page = await OpenAsync("?topic=web&propose=1");
        page.WaitForElement("#f-services\\.nginx\\.clientMaxBodySize").Input("64m");
        page.WaitForElement(".check-bar");

        Assert.Contains("Read web1 in first: then this can be checked and proposed.", page.Find(".check-bar .actions").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Propose…", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("dialog"));
    }

    [Fact]
    public async Task Two_people_see_each_other()
    {
        var page = await OpenAsync("?topic=web");
        page.WaitForElement("#f-services\\.nginx\\.clientMaxBodySize");
        var size = OptionPath.Of("services", "nginx", "clientMaxBodySize");
        var ben = await BenAsync();

        await Services.GetRequiredService<Drafts>().SaveAsync(ben, _server!.Id, new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty.With(new Setting(size, new NixText("1g"))));

        page.WaitForAssertion(() => Assert.Contains("Ben has 1g here", page.Find(".other-draft").TextContent, StringComparison.Ordinal));
        Assert.Contains("Ben works on this, too: 1 change", page.Find(".other-editor").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_search_finds_an_option_and_its_address_opens_it()
    {
        var page = await OpenAsync();
        page.WaitForElement("#option-search").Input("largest upload");

        page.WaitForAssertion(() => Assert.EndsWith("?option=services.nginx.clientMaxBodySize", page.Find(".option-hits a").GetAttribute("href"), StringComparison.Ordinal));

        var option = await OpenAsync("?option=boot.odd");
        option.WaitForAssertion(() => Assert.Equal("boot.odd", option.Find(".option-field").GetAttribute("data-option")));
    }

    [Fact]
    public async Task Pasted_Nix_fills_the_fields_or_says_which_line_is_wrong()
    {
        var page = await OpenAsync("?topic=firewall");
        page.WaitForElement(".nix .button-plain").Click();

        page.WaitForElement("#paste-nix").Input("networking.firewall.allowedTCPPorts = [ 80\n  x ];");
        page.FindAll(".paste button")[0].Click();
        page.WaitForAssertion(() => Assert.StartsWith("Line 2", page.Find(".paste .error").TextContent, StringComparison.Ordinal));
        page.Find("#paste-nix").Input("{ pkgs, ... }: { networking.firewall.allowedTCPPorts = [ 80 443 ]; }");
        page.FindAll(".paste button")[0].Click();

        page.WaitForAssertion(() => Assert.Equal(["80", "443"], page.FindAll(".list-input .chip").Select(chip => chip.FirstChild!.TextContent)));
    }

    [Fact]
    public async Task What_is_wrong_stands_at_its_field_and_in_the_bar()
    {
        var page = await OpenAsync("?topic=firewall");
        page.WaitForElement(".list-input input").Change("99999");

        page.WaitForAssertion(() => Assert.Contains("99999: Enter a whole number between 0 and 65,535.", page.Find(".error").TextContent, StringComparison.Ordinal));
        Assert.Contains("1 field to look at", page.Find(".check-bar").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_be_evaluated_says_why_and_what_can_be_done()
    {
        Source = [];
        var page = await OpenAsync();

        page.WaitForAssertion(() => Assert.Contains("neither a configuration in /etc/nixos", page.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.Contains("Try again", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Use an options.json", page.Markup, StringComparison.Ordinal);
    }

    protected override async Task ArrangeAsync()
    {
        var answers = Shell.Answer;
        Shell.Answer = (script, arguments) => script switch
        {
            "schema-source.sh" => Source,
            "options.sh" => ["part", "=" + (arguments[2] == "schema" ? Options.ReplaceLineEndings("") : "[]"), "part-end", "end"],
            _ => answers(script, arguments),
        };
        _server = await AddServerAsync("web1");
        Fleet.Update(_server.Id, state => Running(state));
    }

    private async Task<IRenderedComponent<ConfigurationPage>> OpenAsync(string query = "")
    {
        GoTo($"/servers/{_server!.Id}/configuration{query}");
        await Task.Yield();
        return Render<ConfigurationPage>(parameters => parameters.Add(page => page.Id, _server.Id.Value));
    }

    private async Task RunAsync(string sql)
    {
        var context = Database.OpenForAll();
        await using (context)
        {
            await context.Database.ExecuteSqlRawAsync(sql, Xunit.TestContext.Current.CancellationToken);
        }
    }

    private async Task<Caller> BenAsync()
    {
        await Task.Yield();
        return Ann with { PersonId = Guid.NewGuid(), Name = "Ben", Role = Role.Operator };
    }
}

public sealed class ConfigurationPageOfViewersTests : PageRoom
{
    protected override Role Role => Role.Viewer;

    [Fact]
    public async Task A_viewer_starts_no_evaluation_on_a_server()
    {
        var server = await AddServerAsync("web1");
        Fleet.Update(server.Id, state => Running(state));
        // Made beforehand, so that nothing of it is under way when the room is cleared.
        await Services.GetRequiredService<ConfigurationRepositories>().OfAsync(Ann.OrganisationId);

        var page = Render<ConfigurationPage>(parameters => parameters.Add(p => p.Id, server.Id.Value));

        page.WaitForAssertion(() => Assert.Contains("The options are not known yet", page.Markup, StringComparison.Ordinal));
        Assert.Empty(Shell.Asked);
    }
}
