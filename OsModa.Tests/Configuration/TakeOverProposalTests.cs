using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Ledger.Reading;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>What was changed on an adopted server becomes a proposal, and counts as read once that is merged.</summary>
public sealed class TakeOverProposalTests : AdoptionRoom
{
    [Fact]
    public async Task What_is_taken_over_waits_as_a_proposal_and_nothing_is_left_of_it_once_that_is_merged()
    {
        await AdoptedAsync();
        Text = "{ users.motd = \"By hand\"; }\n";

        var proposal = await OpenAsync(await TakeOverAsync("It was urgent."));

        Assert.Equal(("What was changed on web1 is taken over", "Ann", Room.Server.Id), (proposal.Title, proposal.AuthorName, proposal.TakenFrom));
        Assert.StartsWith("It was urgent.\n\nRead from its /etc/nixos", proposal.Reason, StringComparison.Ordinal);
        Assert.Single(await HistoryAsync());
        var view = (await List.FindAsync(Bob, proposal.Id, Stop))!;
        Assert.Equal(("servers/web1/configuration.nix", "{ }\n", "{ users.motd = \"By hand\"; }\n"), (Assert.Single(view.Files).Path, view.Files[0].From, view.Files[0].To));

        await MergedAsync(Value(await TakeOverAsync()));

        Assert.Equal(2, (await HistoryAsync()).Count);
        Assert.StartsWith("The files in /etc/nixos", (await TakeOverAsync()).Errors[""], StringComparison.Ordinal);
        var told = Room.Ledger.Queries.Page(Room.Server.OrganisationId, LedgerFilter.Everything).Lines.Select(line => line.Type).Order(StringComparer.Ordinal);
        Assert.Equal(["configuration.adopt", "configuration.check", "configuration.merge", "configuration.take-over"], told.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_second_click_joins_the_proposal_that_is_open()
    {
        await AdoptedAsync();
        Text = "{ users.motd = \"By hand\"; }\n";
        var first = Value(await TakeOverAsync());

        Text = "{ users.motd = \"By hand, again\"; }\n";
        var second = Value(await TakeOver.RunAsync(Bob, new TakeOverForm { Server = Room.Server.Id, Title = "Mine" }, Stop));

        Assert.Equal((first.Proposal, first.Commit), (second.Proposal, second.Commit));
        Assert.Single(await List.ListAsync(Bob, Stop));

        // What was changed since is there still when the first is merged.
        await MergedAsync(first);
        var third = await TakeOverAsync();
        Assert.NotEqual(first.Proposal, Value(third).Proposal);
        Assert.Equal(["configuration.nix"], third.Value!.Files);
    }

    [Fact]
    public async Task Given_up_it_hides_nothing_and_can_be_taken_over_again()
    {
        await AdoptedAsync();
        Text = "{ users.motd = \"By hand\"; }\n";
        var first = await OpenAsync(await TakeOverAsync());
        Assert.Null(await Close.RunAsync(Bob, first.Id, Stop));

        var second = await TakeOverAsync();

        Assert.NotEqual(first.Id, Value(second).Proposal);
        Assert.Equal(["configuration.nix"], second.Value!.Files);
        await MergedAsync(second);
        Assert.Equal(2, (await HistoryAsync()).Count);
    }

    [Fact]
    public async Task It_waits_for_a_second_person_where_that_is_asked_for()
    {
        await AdoptedAsync();
        Text = "{ users.motd = \"By hand\"; }\n";
        var proposal = await OpenAsync(await TakeOverAsync(needsApproval: true));

        Assert.Equal("It waits for the approval of a second person.", (await Merge.RunAsync(Room.Ann, proposal.Id, Stop)).Errors[""]);
        Assert.Equal("Another person than its author has to approve it.", await Approve.RunAsync(Room.Ann, proposal.Id, 1, Stop));
        Assert.Null(await Approve.RunAsync(Bob, proposal.Id, 1, Stop));
        Value(await Merge.RunAsync(Room.Ann, proposal.Id, Stop));

        Assert.Contains("Approved-by: Bob", (await HistoryAsync())[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_form_says_of_the_server_since_is_in_it_too()
    {
        await AdoptedAsync();
        var settings = await SettingsAsync();
        var basis = await settings.ReadAsync();
        await settings.SaveAsync(basis, basis.Document.With(new Setting(Path("services.a.x"), new NixText("1"))), new CommitWords("Bob", "", Room.Clock.GetUtcNow(), "Meanwhile", ""));
        Text = "{ users.motd = \"By hand\"; }\n";

        var taken = Value(await TakeOverAsync());
        var before = await settings.ReadAsync(taken.Commit);
        await MergedAsync(taken);

        Assert.Equal(["services.a.x"], before.Settings.Keys.Select(path => path.Text));
        Assert.Equal(before, (await settings.ReadAsync()).Document);
    }

    [Fact]
    public async Task Merged_by_a_dashboard_that_was_killed_it_is_merged_once_and_counts_as_read()
    {
        await AdoptedAsync();
        var before = (await new Adopted(Room.Database).FindAsync(Room.Ann, Room.Server.Id, Stop))!.ReadCommit;
        Text = "{ users.motd = \"By hand\"; }\n";
        var first = await TakeOverAsync();
        var merged = await MergedAsync(first);
        var context = Room.Database.OpenForAll();
        await using (context)
        {
            await context.ServerSources.ExecuteUpdateAsync(set => set.SetProperty(source => source.ReadCommit, before), Stop);
            await context.Proposals.ExecuteUpdateAsync(set => set.SetProperty(proposal => proposal.State, ProposalState.Open).SetProperty(proposal => proposal.Merged, (string?)null), Stop);
        }

        Assert.Equal(merged, await MergedAsync(first));

        Assert.Equal(2, (await HistoryAsync()).Count);
        Assert.StartsWith("The files in /etc/nixos", (await TakeOverAsync()).Errors[""], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_wrote_in_the_repository_as_well_needs_no_proposal()
    {
        await AdoptedAsync();
        Text = "{ users.motd = \"By hand\"; }\n";
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        var same = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/configuration.nix"] = System.Text.Encoding.UTF8.GetBytes(Text) };
        var hand = await repository.CommitAsync(await repository.HeadAsync(), same, new CommitWords("Bob", "", Room.Clock.GetUtcNow(), "By hand", ""));

        var taken = Value(await TakeOverAsync());

        Assert.Equal((hand, null), ((CommitId?)taken.Commit, taken.Proposal));
        Assert.StartsWith("The files in /etc/nixos", (await TakeOverAsync()).Errors[""], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_only_look_takes_nothing_over_and_a_title_is_one_line()
    {
        await AdoptedAsync();
        Text = "{ users.motd = \"By hand\"; }\n";
        var form = new TakeOverForm { Server = Room.Server.Id, Title = "Two\nlines" };

        Assert.StartsWith("You may look at this server", (await TakeOver.RunAsync(Bob with { Role = Role.Viewer }, form, Stop)).Errors[""], StringComparison.Ordinal);
        Assert.StartsWith("Say in one line", (await TakeOver.RunAsync(Bob, form, Stop)).Errors[nameof(TakeOverForm.Title)], StringComparison.Ordinal);
        Assert.Equal("Your organisation has no such server.", (await TakeOver.RunAsync(new Caller(Guid.NewGuid(), "Eve", Guid.NewGuid(), Role.Owner), form, Stop)).Errors[""]);
        Assert.Empty(await List.ListAsync(Bob, Stop));
    }
}
