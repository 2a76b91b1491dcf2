using OsModa.Core.Configuration;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>Which commit a proposal became, by the history itself.</summary>
public sealed class ProposalHistoryTests : ProposalRoom
{
    [Fact]
    public async Task A_commit_that_only_mentions_a_proposal_is_not_what_it_became()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, ("users.motd", "Hello"));
        var settings = await SettingsAsync();
        var other = basis.Document.With(new Setting(Path("services.a.x"), new NixText("1")));
        await settings.SaveAsync(basis, other, new CommitWords("Eve", "", Room.Clock.GetUtcNow(), "Another", $"Not yet:\nProposal: {proposal.Id:D}\nwaits for Bob."));

        var merged = Value(await Merge.RunAsync(Bob, proposal.Id, Stop));

        Assert.Equal("A change", (await settings.HistoryAsync(1))[0].Title);
        Assert.Equal(merged.Commit, await (await Repositories.OfAsync(Room.Server.OrganisationId)).MergedAsync(proposal.Id));
    }

    [Fact]
    public async Task Killed_between_commit_and_row_a_merge_is_found_again()
    {
        var proposal = await ProposeAsync(await BeginAsync(), ("users.motd", "Hello"));
        var merged = Value(await Merge.RunAsync(Bob, proposal.Id, Stop));
        var context = Room.Database.OpenForAll();
        await using (context)
        {
            var row = await context.Proposals.FindAsync([proposal.Id], Stop);
            (row!.State, row.Merged) = (ProposalState.Open, null);
            await context.SaveChangesAsync(Stop);
        }

        Assert.Equal(merged.Commit, Value(await Merge.RunAsync(Bob, proposal.Id, Stop)).Commit);
        Assert.Equal(2, (await (await SettingsAsync()).HistoryAsync(10)).Length);
    }
}
