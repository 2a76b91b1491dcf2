using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>A change on its way into the history: proposed, merged as one commit, refused, closed.</summary>
public sealed class ProposalTests : ProposalRoom
{
    [Fact]
    public async Task A_proposal_is_in_the_history_once_it_is_merged_and_not_before()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, ("users.motd", "Hello"));
        var settings = await SettingsAsync();
        Assert.Equal(basis.Document, (await settings.ReadAsync()).Document);

        var merged = Value(await Merge.RunAsync(Bob, proposal.Id, Stop));

        var newest = (await settings.HistoryAsync(1))[0];
        Assert.Equal((merged.Commit, "Ann", "A change"), (newest.Id, newest.Author, newest.Title));
        Assert.Equal($"Because.\n\nMerged-by: Bob\nProposal: {proposal.Id:D}", newest.Reason);
        Assert.Equal([Room.Server.Id], merged.Servers);
        Assert.Equal(new NixText("Hello"), (await settings.ReadAsync()).Document[Path("users.motd")]?.Value);
        Assert.Equal(ProposalState.Merged, (await List.FindAsync(Bob, proposal.Id))?.Proposal.State);
        // Clicked twice, it is one commit.
        Assert.Equal(merged.Commit, Value(await Merge.RunAsync(Bob, proposal.Id, Stop)).Commit);
        Assert.Equal(2, (await settings.HistoryAsync(10)).Length);
    }

    [Fact]
    public async Task What_others_merged_meanwhile_stays_and_a_place_that_both_changed_stops_it()
    {
        var basis = await BeginAsync();
        var mine = await ProposeAsync(basis, ("users.motd", "Hello"), ("services.a.x", "1"));
        var theirs = await ProposeAsync(basis, ("services.b.y", "2"));
        var contrary = await ProposeAsync(basis, ("users.motd", "Good bye"));

        Value(await Merge.RunAsync(Bob, theirs.Id, Stop));
        Value(await Merge.RunAsync(Bob, mine.Id, Stop));
        var refused = await Merge.RunAsync(Bob, contrary.Id, Stop);

        Assert.Equal("Somebody else changed users.motd of web1 meanwhile. Decide between the two in the form.", refused.Errors["users.motd"]);
        Assert.Equal(["services.a.x", "services.b.y", "users.motd"], (await (await SettingsAsync()).ReadAsync()).Document.Settings.Keys.Select(path => path.Text));
    }

    [Fact]
    public async Task A_secret_as_it_is_becomes_no_proposal()
    {
        var basis = await BeginAsync();

        var plain = await Propose.RunAsync(Room.Ann, Form(basis, ("users.users.ann.initialPassword", "hunter22")), Stop);
        var typed = basis.Document.With(new Setting(Path("services.bot"), new NixExpression("{ password = \"hunter22\"; } // { }")));
        var code = await Propose.RunAsync(Room.Ann, Form(basis) with { Changes = [new ProposedSettings(Room.Server.Id, basis, typed)] }, Stop);

        Assert.Contains("Keep it as a secret", plain.Errors["users.users.ann.initialPassword"], StringComparison.Ordinal);
        Assert.Contains("There is a secret in this expression.", code.Errors["services.bot"], StringComparison.Ordinal);
        Assert.Empty(await List.ListAsync(Bob, Stop));
    }

    [Fact]
    public async Task A_proposal_is_shown_with_its_places_and_what_was_said()
    {
        var proposal = await ProposeAsync(await BeginAsync(), ("users.motd", "Hello"));
        Value(await Comment.RunAsync(Bob, proposal.Id, "Why so friendly?", Stop));

        var view = (await List.FindAsync(Bob, proposal.Id))!;
        Assert.Equal(("Bob", "Why so friendly?", 1), (view.Comments[0].AuthorName, view.Comments[0].Text, view.Comments[0].Version));
        var server = Assert.Single(view.Servers);
        Assert.Equal(("web1", Room.Server.Id, "users.motd", null), (server.Name, server.Server, server.Changes[0].Path.Text, server.Changes[0].From));
        Assert.Empty(view.Files);
    }

    [Fact]
    public async Task Who_may_only_look_changes_nothing_and_another_organisation_sees_nothing()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, ("users.motd", "Hello"));
        var viewer = Bob with { Role = Role.Viewer };
        var stranger = new Caller(Guid.NewGuid(), "Eve", Guid.NewGuid(), Role.Owner);

        Assert.False((await Merge.RunAsync(viewer, proposal.Id, Stop)).Done);
        Assert.NotNull(await Approve.RunAsync(viewer, proposal.Id, 1, Stop));
        Assert.NotNull(await Close.RunAsync(viewer, proposal.Id, Stop));
        Assert.False((await Propose.RunAsync(viewer, Form(basis, ("users.motd", "x")), Stop)).Done);
        Assert.False((await Merge.RunAsync(stranger, proposal.Id, Stop)).Done);
        Assert.Equal("Your organisation has no such proposal.", await Close.RunAsync(stranger, proposal.Id, Stop));
        Assert.Null(await List.FindAsync(stranger, proposal.Id));
        Assert.Null(await Close.RunAsync(Bob, proposal.Id, Stop));
        Assert.Equal("It was closed by Bob.", (await Merge.RunAsync(Bob, proposal.Id, Stop)).Errors[""]);
    }

    [Fact]
    public async Task A_document_that_could_not_be_read_again_is_not_written()
    {
        var basis = await BeginAsync();
        var many = SettingsDocument.Of(Enumerable.Range(0, SettingsDocument.MostSettings + 1).Select(i => new Setting(OptionPath.Of("many", $"n{i}"), new NixBool(true))));

        var refused = await Propose.RunAsync(Room.Ann, Form(basis, ("users.motd", "Hello")) with { Changes = [new ProposedSettings(Room.Server.Id, basis, many)] }, Stop);

        Assert.Contains("5,000 are the most", refused.Errors[""], StringComparison.Ordinal);
        Assert.Empty(await List.ListAsync(Room.Ann, Stop));
    }

    [Fact]
    public async Task A_change_of_a_production_server_needs_a_reason()
    {
        var basis = await BeginAsync();
        var merged = Value(await Merge.RunAsync(Bob, (await ProposeAsync(basis, ("users.motd", "Hello"))).Id, Stop));
        var context = Room.Database.OpenForAll();
        await using (context)
        {
            (await context.Servers.SingleAsync(s => s.Id == Room.Server.Id, Stop)).Tags.Add(RollBackRules.ProductionTag);
            await context.SaveChangesAsync(Stop);
        }

        var form = Form(await (await SettingsAsync()).ReadAsync(), ("users.motd", "Good bye"));
        var why = $"Say why: web1 is tagged {RollBackRules.ProductionTag}.";
        Assert.Equal(why, (await Propose.RunAsync(Room.Ann, form with { Reason = " " }, Stop)).Errors[nameof(ProposalForm.Reason)]);
        Assert.Equal(why, (await Revert.RunAsync(Room.Ann, Back(merged.Commit) with { Reason = "" }, Stop)).Errors[nameof(RevertForm.Reason)]);
        Value(await Propose.RunAsync(Room.Ann, form with { Reason = "It is late." }, Stop));
    }

    [Fact]
    public async Task For_a_server_that_is_not_adopted_nothing_is_proposed_unless_somebody_wrote_files_for_it()
    {
        var basis = await BeginUnadoptedAsync();

        Assert.Equal("The configuration of web1 is not in the repository yet. Adopt it first.", (await Propose.RunAsync(Room.Ann, Form(basis, ("users.motd", "Hello")), Stop)).Errors[""]);

        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        var hand = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/configuration.nix"] = [.. "{ }\n"u8] };
        await repository.CommitAsync(basis.Commit, hand, new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "By hand", ""));
        Assert.True((await Propose.RunAsync(Room.Ann, Form(basis, ("users.motd", "Hello")), Stop)).Done);
    }
}
