using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>A change that is taken back: a proposal as any other.</summary>
public sealed class RevertTests : ProposalRoom
{
    [Fact]
    public async Task A_change_is_taken_back_as_far_as_nobody_changed_the_same_since()
    {
        var basis = await BeginAsync();
        var first = Value(await Merge.RunAsync(Bob, (await ProposeAsync(basis, ("users.motd", "Hello"))).Id, Stop));
        Value(await Merge.RunAsync(Bob, (await ProposeAsync(await (await SettingsAsync()).ReadAsync(), ("services.a.x", "1"))).Id, Stop));

        var preview = Value(await Revert.PreviewAsync(Bob, first.Commit, Stop));
        var change = Assert.Single(Assert.Single(preview.Servers).Changes);
        Assert.Equal(("users.motd", new NixText("Hello"), null), (change.Path.Text, (NixText?)change.From?.Value, change.To));
        var back = Value(await Revert.RunAsync(Bob, Back(first.Commit), Stop));
        Assert.Equal(2, (await (await SettingsAsync()).ReadAsync()).Document.Settings.Count);
        Value(await Merge.RunAsync(Bob, back.Id, Stop));

        Assert.Equal(["services.a.x"], (await (await SettingsAsync()).ReadAsync()).Document.Settings.Keys.Select(path => path.Text));
        Assert.Equal("Taken back: A change", (await (await SettingsAsync()).HistoryAsync(1))[0].Title);
        Assert.Equal($"Too friendly.\n\nTakes back {first.Commit}.\n\nProposal: {back.Id:D}", (await (await SettingsAsync()).HistoryAsync(1))[0].Reason);
        Assert.Equal("Nothing of this change is left to take back.", (await Revert.RunAsync(Bob, Back(first.Commit), Stop)).Errors[""]);
        Assert.Equal("Nothing of this change is left to take back.", (await Revert.PreviewAsync(Bob, first.Commit, Stop)).Errors[""]);
    }

    [Fact]
    public async Task Taking_back_waits_for_a_second_person_as_any_other_change()
    {
        var first = Value(await Merge.RunAsync(Bob, (await ProposeAsync(await BeginAsync(), ("users.motd", "Hello"))).Id, Stop));

        var back = Value(await Revert.RunAsync(Bob, Back(first.Commit) with { NeedsApproval = true }, Stop));

        Assert.Equal("It waits for the approval of a second person.", (await Merge.RunAsync(Bob, back.Id, Stop)).Errors[""]);
        Assert.NotNull(await Approve.RunAsync(Bob, back.Id, 1, Stop));
        Assert.Null(await Approve.RunAsync(Room.Ann, back.Id, 1, Stop));
        Value(await Merge.RunAsync(Bob, back.Id, Stop));
        Assert.Empty((await (await SettingsAsync()).ReadAsync()).Document.Settings);
        Assert.False((await Revert.RunAsync(Bob with { Role = Role.Viewer }, Back(first.Commit), Stop)).Done);
    }

    [Fact]
    public async Task Taking_back_sent_again_with_another_wish_is_a_new_version_of_it()
    {
        var first = Value(await Merge.RunAsync(Bob, (await ProposeAsync(await BeginAsync(), ("users.motd", "Hello"))).Id, Stop));
        var form = Back(first.Commit);
        var back = Value(await Revert.RunAsync(Bob, form, Stop));
        Assert.Null(await Approve.RunAsync(Room.Ann, back.Id, 1, Stop));
        Assert.Equal(1, Value(await Revert.RunAsync(Bob, form, Stop)).Version);

        var again = Value(await Revert.RunAsync(Bob, form with { NeedsApproval = true, Reason = "Much too friendly." }, Stop));

        Assert.Equal((2, true, null, $"Much too friendly.\n\nTakes back {first.Commit}."), (again.Version, again.NeedsApproval, again.ApprovedById, again.Reason));
        Assert.Equal("It waits for the approval of a second person.", (await Merge.RunAsync(Bob, back.Id, Stop)).Errors[""]);
        // Of somebody else it stays as it is.
        Assert.Equal(2, Value(await Revert.RunAsync(Room.Ann, form, Stop)).Version);
    }
}
