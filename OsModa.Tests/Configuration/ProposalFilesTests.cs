using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>What becomes of files that somebody wrote by hand: in commits, and in proposals that carry them along.</summary>
public sealed class ProposalFilesTests : ProposalRoom
{
    [Fact]
    public async Task A_commit_is_read_with_the_fields_and_the_files_that_it_changed()
    {
        var basis = await BeginAsync();
        var first = Value(await Merge.RunAsync(Bob, (await ProposeAsync(basis, ("users.motd", "Hello"))).Id, Stop));
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        var hand = await repository.CommitAsync(first.Commit, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/hand.nix"] = [.. "{ }\n"u8], ["servers/web1/settings.json"] = [.. "no document"u8] }, new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "By hand", ""));

        var view = (await Commits.RunAsync(Bob, first.Commit, Stop))!;
        Assert.Equal(("A change", basis.Commit), (view.Commit.Title, view.Parent));
        Assert.Equal("users.motd", Assert.Single(Assert.Single(view.Changed.Servers).Changes).Path.Text);
        Assert.Empty(view.Changed.Files);
        // Before the first commit there was nothing.
        Assert.Null((await Commits.RunAsync(Bob, basis.Commit!.Value, Stop))!.Parent);
        Assert.Contains("flake.nix", (await Commits.RunAsync(Bob, basis.Commit!.Value, Stop))!.Changed.Files.Select(file => file.Path));
        // What somebody made of the document by hand is shown as what it is.
        var files = (await Commits.RunAsync(Bob, hand!.Value, Stop))!.Changed.Files;
        Assert.Equal([("servers/web1/hand.nix", null, "{ }\n"), ("servers/web1/settings.json", files[1].From, "no document")], files.Select(file => (file.Path, file.From, file.To)));
        Assert.Null(await Commits.RunAsync(new Caller(Guid.NewGuid(), "Eve", Guid.NewGuid(), Role.Owner), first.Commit, Stop));
    }

    [Fact]
    public async Task A_new_version_keeps_the_files_of_an_earlier_one()
    {
        var basis = await BeginAsync();
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        var hand = await repository.CommitAsync(basis.Commit, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/hand.nix"] = [.. "{ }\n"u8] }, new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "By hand", ""));
        var back = Value(await Revert.RunAsync(Room.Ann, Back(hand!.Value), Stop));

        await ProposeAsync(await (await SettingsAsync()).ReadAsync(), needsApproval: false, id: back.Id, settings: ("users.motd", "Hello"));

        var view = (await List.FindAsync(Bob, back.Id))!;
        Assert.Equal(("servers/web1/hand.nix", null), (Assert.Single(view.Files).Path, view.Files[0].To));
        Assert.Equal("users.motd", Assert.Single(Assert.Single(view.Servers).Changes).Path.Text);

        // What somebody makes of the file meanwhile is neither lost nor the end of it unseen.
        await repository.CommitAsync(hand, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/hand.nix"] = [.. "{ a = 1; }\n"u8] }, new CommitWords("Bob", "", Room.Clock.GetUtcNow(), "By another hand", ""));
        var refused = await Propose.RunAsync(Room.Ann, Form(await (await SettingsAsync()).ReadAsync(), ("users.motd", "Good bye")) with { Id = back.Id }, Stop);
        Assert.Equal("Somebody else changed servers/web1/hand.nix meanwhile, which this proposal changes, too. Give it up and make a new one.", refused.Errors["servers/web1/hand.nix"]);
    }

    [Fact]
    public async Task A_file_that_comes_back_is_as_executable_as_it_was()
    {
        var basis = await BeginAsync();
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        var hand = await repository.CommitAsync(basis.Commit, File("a"), new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "By hand", ""), new HashSet<string>(StringComparer.Ordinal) { "servers/web1/backup.sh" });
        var gone = await repository.CommitAsync(hand, File(null), new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "By hand", ""));
        var back = Value(await Revert.RunAsync(Room.Ann, Back(gone!.Value), Stop));

        // Another version of the proposal, for which the file is carried along.
        await ProposeAsync(await (await SettingsAsync()).ReadAsync(), needsApproval: false, id: back.Id, settings: ("users.motd", "Hello"));
        var merged = Value(await Merge.RunAsync(Bob, back.Id, Stop));

        Assert.Equal(["servers/web1/backup.sh"], await repository.ExecutablesAsync(merged.Commit));

        static Dictionary<string, byte[]?> File(string? text) => new(StringComparer.Ordinal) { ["servers/web1/backup.sh"] = text is null ? null : System.Text.Encoding.UTF8.GetBytes(text) };
    }

    [Fact]
    public async Task A_commit_that_only_makes_a_file_executable_says_so()
    {
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        var script = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["backup.sh"] = [.. "#!/bin/sh\n"u8] };
        var words = new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "A script", "");
        var first = await repository.CommitAsync(null, script, words);
        var second = (await repository.CommitAsync(first, script, words, new HashSet<string>(StringComparer.Ordinal) { "backup.sh" }))!.Value;

        var file = Assert.Single((await Commits.RunAsync(Bob, second, Stop))!.Changed.Files);

        Assert.Equal((true, file.From), (file.Executable, file.To));
    }
}
