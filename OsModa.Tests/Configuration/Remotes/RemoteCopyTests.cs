using OsModa.Core.Configuration;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Configuration.Remotes;

/// <summary>Two real repositories on one disk: ours, and the customer's, whose branch is the truth.</summary>
public sealed class RemoteCopyTests : IAsyncLifetime
{
    private static readonly ConnectionFault Silent = new(ConnectionFaultKind.TimedOut, "git.example.org did not answer in time.");

    private RemoteRoom _room = null!;

    public async ValueTask InitializeAsync() => _room = await RemoteRoom.OpenAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task What_is_saved_is_there_first_and_then_here()
    {
        await _room.ConnectAsync();
        var settings = await _room.SettingsAsync();

        var first = await RemoteRoom.SaveAsync(settings, "x", 1);
        var second = await RemoteRoom.SaveAsync(settings, "y", 2);

        Assert.NotNull(first.Commit);
        Assert.Equal(second.Commit, await _room.TheirHeadAsync());
        Assert.Equal(["a.x", "a.y"], await RemoteRoom.PlacesAsync(await _room.TheirSettingsAsync()));
        await RemoteRoom.GitAsync(_room.Theirs, "fsck", "--strict");
    }

    [Fact]
    public async Task What_somebody_else_pushed_is_here_after_a_fetch_and_before_a_save()
    {
        await _room.ConnectAsync();
        var (ours, theirs) = (await _room.SettingsAsync(), await _room.TheirSettingsAsync());
        await RemoteRoom.SaveAsync(ours, "x", 1);
        await RemoteRoom.SaveAsync(theirs, "y", 2);

        Assert.Null(await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop));
        Assert.Equal(["a.x", "a.y"], await RemoteRoom.PlacesAsync(ours));
        // And without a fetch: a basis from before meets what they changed meanwhile.
        var basis = await ours.ReadAsync();
        await RemoteRoom.SaveAsync(theirs, "z", 3);
        var saved = await ours.SaveAsync(basis, basis.Document.With(new Setting(OptionPath.Of("a", "x"), new NixInteger(10))), RemoteRoom.Words("x"));

        Assert.Equal(saved.Commit, await _room.TheirHeadAsync());
        Assert.Equal(["a.x", "a.y", "a.z"], await RemoteRoom.PlacesAsync(theirs));
        Assert.Equal(new NixInteger(10), (await theirs.ReadAsync()).Document[OptionPath.Of("a", "x")]!.Value);
    }

    [Fact]
    public async Task A_place_that_they_changed_otherwise_is_told_and_nothing_is_pushed()
    {
        await _room.ConnectAsync();
        var (ours, theirs) = (await _room.SettingsAsync(), await _room.TheirSettingsAsync());
        await RemoteRoom.SaveAsync(ours, "x", 1);
        var basis = await ours.ReadAsync();
        var pushed = await RemoteRoom.SaveAsync(theirs, "x", 2);

        var late = await ours.SaveAsync(basis, basis.Document.With(new Setting(OptionPath.Of("a", "x"), new NixInteger(3))), RemoteRoom.Words("x"));

        Assert.Null(late.Commit);
        Assert.Equal(OptionPath.Of("a", "x"), Assert.Single(late.Contradictions).Path);
        Assert.Equal(pushed.Commit, await _room.TheirHeadAsync());
    }

    [Fact]
    public async Task A_commit_on_a_basis_that_they_have_left_is_not_made_and_theirs_is_here()
    {
        await _room.ConnectAsync();
        await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "x", 1);
        var repository = await _room.OursAsync();
        var basis = await repository.HeadAsync();
        var pushed = await RemoteRoom.SaveAsync(await _room.TheirSettingsAsync(), "y", 2);

        var made = await repository.CommitAsync(basis, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["note"] = "late"u8.ToArray() }, RemoteRoom.Words("late"));

        Assert.Null(made);
        Assert.Equal(pushed.Commit, await repository.HeadAsync());
    }

    [Fact]
    public async Task Many_writers_here_and_there_at_once_lose_nothing()
    {
        await _room.ConnectAsync();
        var (ours, theirs) = (await _room.SettingsAsync(), await _room.TheirSettingsAsync());
        await RemoteRoom.SaveAsync(ours, "first", 0);

        await Task.WhenAll(
            Task.Run(async () => { for (var i = 0; i < 3; i++) { await AgainAsync(ours, $"here{i}"); } }),
            Task.Run(async () => { for (var i = 0; i < 3; i++) { await AgainAsync(theirs, $"there{i}"); } }));
        await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop);

        Assert.Equal(7, (await ours.ReadAsync()).Document.Settings.Count);
        Assert.Equal(await _room.TheirHeadAsync(), await (await _room.OursAsync()).HeadAsync());
    }

    [Fact]
    public async Task While_it_cannot_be_reached_nothing_is_saved_and_the_words_say_that_all_is_kept()
    {
        await _room.ConnectAsync();
        var settings = await _room.SettingsAsync();
        await RemoteRoom.SaveAsync(settings, "x", 1);
        var before = await (await _room.OursAsync()).HeadAsync();
        _room.Away = Silent;

        var told = await Assert.ThrowsAsync<RepositoryException>(() => RemoteRoom.SaveAsync(settings, "y", 2));

        Assert.Equal("Nothing was saved, because the remote repository could not be reached. git.example.org did not answer in time. What you changed is kept; save it again later.", told.Message);
        Assert.Equal((before, before), (await (await _room.OursAsync()).HeadAsync(), await _room.TheirHeadAsync()));
        Assert.Equal(Silent.Detail, (await _room.StateAsync()).Remote.Fault);
        // What is here can be read all the same, and once it answers again the page says so.
        Assert.Equal(["a.x"], await RemoteRoom.PlacesAsync(settings));
        _room.Away = null;
        Assert.NotNull((await RemoteRoom.SaveAsync(settings, "y", 2)).Commit);
        Assert.Null((await _room.StateAsync()).Remote.Fault);
    }

    [Fact]
    public async Task A_host_that_refuses_the_change_is_quoted_and_nothing_is_saved()
    {
        await _room.ConnectAsync();
        var settings = await _room.SettingsAsync();
        await RemoteRoom.SaveAsync(settings, "x", 1);
        var hook = Path.Combine(Directory.CreateDirectory(Path.Combine(_room.Theirs, "hooks")).FullName, "pre-receive");
        await ShellProgram.WriteAsync(hook, "#!/bin/sh\nprintf 'main is \\033[31mprotected\\033[0m\\n' >&2\nexit 1\n");
        var before = await _room.TheirHeadAsync();

        var told = await Assert.ThrowsAsync<RepositoryException>(() => RemoteRoom.SaveAsync(settings, "y", 2));

        Assert.Equal("Nothing was saved, because git.example.org refused the change: main is protected. What you changed is kept.", told.Message);
        Assert.Equal((before, before), (await _room.TheirHeadAsync(), await (await _room.OursAsync()).HeadAsync()));
        // It answered: that is no fault of the connection.
        Assert.Null((await _room.StateAsync()).Remote.Fault);
    }

    [Fact]
    public async Task A_history_that_was_rewritten_there_is_followed_and_the_old_head_is_kept_and_told()
    {
        await _room.ConnectAsync();
        var settings = await _room.SettingsAsync();
        await RemoteRoom.SaveAsync(settings, "x", 1);
        var lost = (await RemoteRoom.SaveAsync(settings, "y", 2)).Commit!.Value;
        var other = await ForcePushAsync();

        Assert.Null(await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop));

        var repository = await _room.OursAsync();
        Assert.Equal(other, await repository.HeadAsync());
        Assert.False(await repository.HasAsync(lost));
        var ours = Path.Combine(repository.Git.Folder);
        Assert.Equal(lost, await RemoteRoom.HeadAsync(ours, "refs/kept/"));
        var state = (await _room.StateAsync()).Remote;
        Assert.Equal((lost.Text, other.Text), (state.RewrittenFrom, state.RewrittenTo));
        Assert.Contains(_room.Ledger, line => line.Action?.Verb == "configuration.remote.rewritten");
        // Somebody looks at it: the notice goes, what is kept stays.
        Assert.Null(await _room.See.RunAsync(_room.Owner, RemoteRoom.Stop));
        Assert.Null((await _room.StateAsync()).Remote.RewrittenAt);
        Assert.Equal(lost, await RemoteRoom.HeadAsync(ours, "refs/kept/"));
        Assert.NotNull((await RemoteRoom.SaveAsync(settings, "z", 3)).Commit);
    }

    [Fact]
    public async Task A_branch_that_was_put_back_there_is_put_back_here_and_no_save_brings_the_rest_again()
    {
        await _room.ConnectAsync();
        var settings = await _room.SettingsAsync();
        var first = (await RemoteRoom.SaveAsync(settings, "x", 1)).Commit!.Value;
        await RemoteRoom.SaveAsync(settings, "y", 2);
        await RemoteRoom.GitAsync(_room.Theirs, "update-ref", "refs/heads/main", first.Text);

        Assert.NotNull((await RemoteRoom.SaveAsync(settings, "z", 3)).Commit);

        Assert.Equal(["a.x", "a.z"], await RemoteRoom.PlacesAsync(await _room.TheirSettingsAsync()));
        Assert.NotNull((await _room.StateAsync()).Remote.RewrittenAt);
    }

    [Fact]
    public async Task A_branch_that_is_gone_there_is_told_and_not_made_again()
    {
        await _room.ConnectAsync();
        var settings = await _room.SettingsAsync();
        await RemoteRoom.SaveAsync(settings, "x", 1);
        await RemoteRoom.GitAsync(_room.Theirs, "update-ref", "-d", "refs/heads/main");

        var told = await Assert.ThrowsAsync<RepositoryException>(() => RemoteRoom.SaveAsync(settings, "y", 2));

        Assert.Contains("the branch main is not there any more", told.Message, StringComparison.Ordinal);
        Assert.Null(await _room.TheirHeadAsync());
    }

    [Fact]
    public async Task Commits_that_no_decent_program_makes_are_read_as_harmless_text_and_hide_nothing()
    {
        await _room.ConnectAsync();
        await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "x", 1);
        var (tree, parent) = ((await RemoteRoom.GitAsync(_room.Theirs, "rev-parse", "main^{tree}")).Trim(), (await _room.TheirHeadAsync())!.Value);
        var odd = Path.Combine(Path.GetDirectoryName(_room.Theirs)!, "odd");
        await File.WriteAllTextAsync(odd, $"tree {tree}\nparent {parent}\nauthor A\u001fB\u202e <e@x> 99999999999 +0000\ncommitter A <e@x> 1 +0000\n\n\u001b[31mred\u001f\u202e title\n\nwhy\u0007\n");
        var made = (await RemoteRoom.GitAsync(_room.Theirs, "hash-object", "-t", "commit", "-w", "--literally", odd)).Trim();
        await RemoteRoom.GitAsync(_room.Theirs, "update-ref", "refs/heads/main", made);

        Assert.Null(await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop));

        var history = await (await _room.OursAsync()).HistoryAsync("", 10);
        Assert.Equal(2, history.Length);
        Assert.Equal(made, history[0].Id.Text);
        Assert.All(new[] { history[0].Title, history[0].Author, history[0].Reason }, text => Assert.DoesNotContain(text, c => char.IsControl(c) || c == '\u202e'));
    }

    [Fact]
    public async Task A_tree_that_would_leave_its_folder_is_not_taken_over()
    {
        await _room.ConnectAsync();
        await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "x", 1);
        var before = await (await _room.OursAsync()).HeadAsync();
        var blob = (await RemoteRoom.GitAsync(_room.Theirs, "rev-parse", "main:flake.nix")).Trim();
        var entry = Path.Combine(Path.GetDirectoryName(_room.Theirs)!, "tree");
        await File.WriteAllBytesAsync(entry, [.. "100644 ../flake.nix\0"u8, .. Convert.FromHexString(blob)]);
        var tree = (await RemoteRoom.GitAsync(_room.Theirs, "hash-object", "-t", "tree", "-w", "--literally", entry)).Trim();
        var commit = (await RemoteRoom.GitAsync(_room.Theirs, "commit-tree", tree, "-p", before!.Value.Text, "-m", "out")).Trim();
        await RemoteRoom.GitAsync(_room.Theirs, "update-ref", "refs/heads/main", commit);

        var told = await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop);

        Assert.Contains("cannot be taken over", told, StringComparison.Ordinal);
        var repository = await _room.OursAsync();
        Assert.Equal(before, await repository.HeadAsync());
        Assert.Empty(Directory.EnumerateFiles(repository.Git.Folder, "tmp_*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Names_of_files_that_hold_anything_bring_no_other_file_into_their_place()
    {
        await _room.ConnectAsync();
        await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "x", 1);
        var before = (await _room.TheirHeadAsync())!.Value;
        var blob = Convert.FromHexString((await RemoteRoom.GitAsync(_room.Theirs, "rev-parse", "main:flake.nix")).Trim());
        var entries = Path.Combine(Path.GetDirectoryName(_room.Theirs)!, "tree");
        await File.WriteAllBytesAsync(entries, [.. "100644 a\nHEAD:flake.nix\0"u8, .. blob, .. "100644 b\0"u8, .. blob, .. "100644 "u8, 0xfe, 0, .. blob, .. "100644 "u8, 0xff, 0, .. blob]);
        var tree = (await RemoteRoom.GitAsync(_room.Theirs, "hash-object", "-t", "tree", "-w", "--literally", entries)).Trim();
        var commit = (await RemoteRoom.GitAsync(_room.Theirs, "commit-tree", tree, "-p", before.Text, "-m", "Names")).Trim();
        await RemoteRoom.GitAsync(_room.Theirs, "update-ref", "refs/heads/main", commit);

        Assert.Null(await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop));

        var repository = await _room.OursAsync();
        var head = (await repository.HeadAsync())!.Value;
        var flake = (await repository.ReadAsync(before, ""))["flake.nix"];
        Assert.Equal(["a\nHEAD:flake.nix", "b"], (await repository.ReadAsync(head, "")).Keys);
        var difference = await repository.DifferenceAsync(before, head);
        Assert.All(["a\nHEAD:flake.nix", "b"], name =>
        {
            Assert.Null(difference[name].From);
            Assert.Equal(flake, difference[name].To);
        });
        Assert.Equal(flake, difference["flake.nix"].From);
        Assert.Null(difference["flake.nix"].To);
    }

    [Fact]
    public async Task Git_speaks_no_protocol_but_the_one_of_the_way_to_the_remote_and_that_only_on_the_way()
    {
        var git = (await _room.OursAsync()).Git;
        using var way = RemoteWay.To(_room.Theirs);

        Assert.Equal(0, (await git.ThereAsync(way, ["ls-remote", RemoteWay.Name], RemoteRoom.Stop)).Status);
        foreach (var run in new[] { await git.TryAsync(["ls-remote", _room.Theirs]), await git.ThereAsync(way, ["ls-remote", "ext::sh -c true"], RemoteRoom.Stop), await git.ThereAsync(way, ["ls-remote", "https://git.example.org/x"], RemoteRoom.Stop) })
        {
            Assert.Contains("not allowed", run.Errors, StringComparison.Ordinal);
        }
    }

    private static async Task AgainAsync(ServerSettings settings, string name)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                Assert.NotNull((await RemoteRoom.SaveAsync(settings, name, 1)).Commit);
                return;
            }
            catch (RepositoryException busy) when (tries < 20 && busy.Message.StartsWith("Others save faster", StringComparison.Ordinal))
            {
                // As a person would: once more.
            }
        }
    }

    private async Task<CommitId> ForcePushAsync()
    {
        var tree = (await RemoteRoom.GitAsync(_room.Theirs, "rev-parse", "main^{tree}")).Trim();
        var commit = (await RemoteRoom.GitAsync(_room.Theirs, "commit-tree", tree, "-m", "All anew")).Trim();
        await RemoteRoom.GitAsync(_room.Theirs, "update-ref", "refs/heads/main", commit);
        return CommitId.TryParse(commit, out var id) ? id : throw new FormatException(commit);
    }
}
