using OsModa.Core.Configuration;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>The yes of a second person, and what comes in between while somebody writes.</summary>
public sealed class ApprovalTests : ProposalRoom
{
    [Fact]
    public async Task Where_an_approval_is_asked_for_nobody_merges_without_one_of_a_second_person()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, needsApproval: true, settings: ("users.motd", "Hello"));

        Assert.Equal("It waits for the approval of a second person.", (await Merge.RunAsync(Bob, proposal.Id, Stop)).Errors[""]);
        Assert.Equal("Another person than its author has to approve it.", await Approve.RunAsync(Room.Ann, proposal.Id, 1, Stop));
        Assert.Null(await Approve.RunAsync(Bob, proposal.Id, 1, Stop));

        // A new version is another change: the approval was not of it.
        await ProposeAsync(basis, needsApproval: true, id: proposal.Id, settings: ("users.motd", "Hello, world"));
        Assert.Equal("Ann has changed it meanwhile. Look at the new version.", await Approve.RunAsync(Bob, proposal.Id, 1, Stop));
        Assert.False((await Merge.RunAsync(Bob, proposal.Id, Stop)).Done);
        var said = Assert.Single((await List.FindAsync(Bob, proposal.Id))!.Comments);
        Assert.Equal((2, "This is version 2. The approval of Bob was of version 1 and is withdrawn."), (said.Version, said.Text));
        Assert.Null(await Approve.RunAsync(Bob, proposal.Id, 2, Stop));
        Value(await Merge.RunAsync(Room.Ann, proposal.Id, Stop));
        Assert.Contains("Approved-by: Bob", (await (await SettingsAsync()).HistoryAsync(1))[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_that_comes_while_a_new_version_is_written_is_not_of_it()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, needsApproval: true, settings: ("users.motd", "Hello"));
        var meanwhile = new Meanwhile(Room.Clock, async () => Assert.Null(await Approve.RunAsync(Bob, proposal.Id, 1, Stop)));
        var propose = new ProposeChange(Room.Database, Repositories, new ProposalNews(), Room.Ledger.Writer, meanwhile);

        var refused = await propose.RunAsync(Room.Ann, Form(basis, ("users.motd", "Good bye")) with { Id = proposal.Id, NeedsApproval = true }, Stop);

        Assert.Equal("This proposal was changed or merged in this moment. Look again.", refused.Errors[""]);
        var row = (await List.FindAsync(Bob, proposal.Id))!.Proposal;
        Assert.Equal((1, "Bob", proposal.Content), (row.Version, row.ApprovedBy, row.Content));
    }

    [Fact]
    public async Task What_is_merged_while_a_new_version_comes_is_what_the_row_tells()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, ("users.motd", "Hello"));
        var meanwhile = new Meanwhile(Room.Clock, () => ProposeAsync(basis, needsApproval: false, proposal.Id, ("users.motd", "Good bye")));
        var merge = new MergeProposal(Room.Database, Repositories, new ProposalNews(), Room.Ledger.Writer, meanwhile);

        var merged = Value(await merge.RunAsync(Bob, proposal.Id, Stop));

        var row = (await List.FindAsync(Bob, proposal.Id))!.Proposal;
        Assert.Equal((ProposalState.Merged, merged.Commit.Text, 1, proposal.Content), (row.State, row.Merged, row.Version, row.Content));
        Assert.Equal(new NixText("Hello"), (await (await SettingsAsync()).ReadAsync()).Document[Path("users.motd")]?.Value);
        Assert.Equal("This proposal is over. Make a new one.", (await Propose.RunAsync(Room.Ann, Form(basis, ("users.motd", "x")) with { Id = proposal.Id }, Stop)).Errors[""]);
    }

    /// <summary>Somebody else does something between what is read and what is written: when the time is asked for the first time.</summary>
    private sealed class Meanwhile(TimeProvider time, Func<Task> work) : TimeProvider
    {
        private Func<Task>? _work = work;

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Exchange(ref _work, null) is { } now)
            {
                Task.Run(now).GetAwaiter().GetResult();
            }

            return time.GetUtcNow();
        }
    }
}
