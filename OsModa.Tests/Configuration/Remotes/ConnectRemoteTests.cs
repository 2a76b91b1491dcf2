using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Configuration.Remotes;

/// <summary>How two histories become one, who may make them so, and what stays when they part.</summary>
public sealed class ConnectRemoteTests : IAsyncLifetime
{
    private RemoteRoom _room = null!;

    public async ValueTask InitializeAsync() => _room = await RemoteRoom.OpenAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task Where_the_branch_is_missing_there_ours_is_put_there()
    {
        var saved = await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "x", 1);

        Assert.Equal("What is here was put there.", await ConnectedAsync("osmoda"));

        Assert.Equal(saved.Commit, await _room.TheirHeadAsync("osmoda"));
        Assert.Null(await _room.TheirHeadAsync());
        var state = await _room.StateAsync();
        Assert.Equal(("git@git.example.org:shop/servers.git", "osmoda", _room.Owner.Name, _room.Clock.GetUtcNow()), (state.Remote.Address, state.Remote.Branch, state.Remote.ConnectedBy, state.HeardAt));
        Assert.Equal(RemoteRoom.Keys[0].Fingerprint, Assert.Single(state.Remote.HostKeys).Fingerprint);
    }

    [Fact]
    public async Task Where_ours_is_empty_theirs_is_taken_and_no_file_of_theirs_is_rewritten()
    {
        var theirs = await ConfigurationRepository.OpenAsync(_room.Theirs);
        var hand = "{ } # ours since 2019"u8.ToArray();
        await theirs.CommitAsync(null, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["flake.nix"] = hand, ["servers/web1/default.nix"] = hand }, RemoteRoom.Words("By hand"));

        Assert.Equal("What the branch holds is your configuration now.", await ConnectedAsync());
        await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "x", 1);

        var files = await theirs.ReadAsync((await _room.TheirHeadAsync())!.Value, "");
        Assert.All(["flake.nix", "servers/web1/default.nix"], file => Assert.Equal(hand, files[file]));
    }

    [Fact]
    public async Task Two_empty_ones_are_connected_and_the_first_save_makes_the_branch()
    {
        Assert.Equal("Both are empty: what is saved first makes the branch.", await ConnectedAsync());
        Assert.Null(await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop));

        var saved = await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "x", 1);

        Assert.Equal(saved.Commit, await _room.TheirHeadAsync());
    }

    [Theory]
    [InlineData(true, "What is here was put there.")]
    [InlineData(false, "What the branch holds is your configuration now.")]
    public async Task The_one_that_is_behind_is_brought_up_to_the_other(bool oursIsAhead, string says)
    {
        var settings = await _room.SettingsAsync();
        await RemoteRoom.SaveAsync(settings, "x", 1);
        Assert.NotNull(await ConnectedAsync());
        Assert.Null(await _room.Disconnect.RunAsync(_room.Owner, RemoteRoom.Stop));
        var ahead = await RemoteRoom.SaveAsync(oursIsAhead ? settings : await _room.TheirSettingsAsync(), "y", 2);

        Assert.Equal(says, await ConnectedAsync());

        Assert.Equal((ahead.Commit, ahead.Commit), (await _room.TheirHeadAsync(), await (await _room.OursAsync()).HeadAsync()));
        Assert.Equal("Both have the same history.", await ConnectedAsync());
    }

    [Fact]
    public async Task Histories_that_have_nothing_in_common_are_refused_until_somebody_has_merged_them()
    {
        var settings = await _room.SettingsAsync();
        var ours = (await RemoteRoom.SaveAsync(settings, "x", 1)).Commit!.Value;
        var theirs = (await RemoteRoom.SaveAsync(await _room.TheirSettingsAsync(), "y", 2)).Commit!.Value;

        var refused = await _room.Connect.RunAsync(_room.Owner, RemoteRoom.Form, RemoteRoom.Keys, RemoteRoom.Stop);

        Assert.Contains("different histories. Name a new branch, such as osmoda", refused.Errors[""], StringComparison.Ordinal);
        Assert.Equal((ours, theirs), (await (await _room.OursAsync()).HeadAsync(), await _room.TheirHeadAsync()));
        Assert.Null(await _room.Remotes.FindAsync(_room.Owner, RemoteRoom.Stop));

        // As the sentence says: a new branch, a merge by hand, and then the merged one.
        Assert.Equal("What is here was put there.", await ConnectedAsync("osmoda"));
        var tree = (await RemoteRoom.GitAsync(_room.Theirs, "rev-parse", "osmoda^{tree}")).Trim();
        var merged = (await RemoteRoom.GitAsync(_room.Theirs, "commit-tree", tree, "-p", theirs.Text, "-p", ours.Text, "-m", "Both")).Trim();
        await RemoteRoom.GitAsync(_room.Theirs, "update-ref", "refs/heads/main", merged);
        Assert.Equal("What the branch holds is your configuration now.", await ConnectedAsync());
        Assert.Equal(merged, (await (await _room.OursAsync()).HeadAsync())?.Text);
    }

    [Fact]
    public async Task Disconnected_ours_goes_on_from_where_it_is_and_nothing_is_sent_there()
    {
        await ConnectedAsync();
        var settings = await _room.SettingsAsync();
        var shared = await RemoteRoom.SaveAsync(settings, "x", 1);

        Assert.Null(await _room.Disconnect.RunAsync(_room.Owner, RemoteRoom.Stop));
        var visits = _room.Visits;
        var alone = await RemoteRoom.SaveAsync(settings, "y", 2);

        Assert.NotNull(alone.Commit);
        Assert.Equal(visits, _room.Visits);
        Assert.Equal(shared.Commit, await _room.TheirHeadAsync());
        Assert.Equal("No remote repository is connected.", await _room.Disconnect.RunAsync(_room.Owner, RemoteRoom.Stop));
        Assert.Equal("No remote repository is connected.", await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop));
    }

    [Fact]
    public async Task What_is_connected_is_so_after_a_restart()
    {
        await ConnectedAsync();
        await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "x", 1);
        _room.Restart();

        var saved = await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "y", 2);

        Assert.Equal(saved.Commit, await _room.TheirHeadAsync());
    }

    [Fact]
    public async Task Only_owners_connect_and_only_who_may_act_fetches()
    {
        await ConnectedAsync();
        var (operators, viewer) = (await _room.SomebodyAsync(Role.Operator), await _room.SomebodyAsync(Role.Viewer));

        Assert.False((await _room.Connect.RunAsync(operators, RemoteRoom.Form, RemoteRoom.Keys, RemoteRoom.Stop)).Done);
        Assert.NotNull(await _room.Disconnect.RunAsync(operators, RemoteRoom.Stop));
        Assert.NotNull(await _room.Accept.RunAsync(operators, new RemoteHost("git@git.example.org:shop/servers.git", "git.example.org", RemoteRoom.Keys), "why not", RemoteRoom.Stop));
        Assert.NotNull(await _room.Fetch.RunAsync(viewer, RemoteRoom.Stop));
        Assert.NotNull(await _room.See.RunAsync(viewer, RemoteRoom.Stop));
        Assert.Null(await _room.Fetch.RunAsync(operators, RemoteRoom.Stop));
        Assert.NotNull(await _room.Remotes.FindAsync(viewer, RemoteRoom.Stop));
    }

    [Fact]
    public async Task Another_organisation_neither_sees_it_nor_lets_it_go()
    {
        await ConnectedAsync();
        var stranger = await _room.SomebodyAsync(Role.Owner, sameOrganisation: false);

        Assert.Null(await _room.Remotes.FindAsync(stranger, RemoteRoom.Stop));
        Assert.Equal("No remote repository is connected.", await _room.Disconnect.RunAsync(stranger, RemoteRoom.Stop));
        Assert.Equal("No remote repository is connected.", await _room.Fetch.RunAsync(stranger, RemoteRoom.Stop));
        Assert.NotNull(await _room.StateAsync());
    }

    [Fact]
    public async Task Each_verb_stands_in_the_ledger_with_what_it_was_about()
    {
        await ConnectedAsync();
        await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop);
        await RemoteRoom.SaveAsync(await _room.TheirSettingsAsync(), "y", 2);
        await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop);
        await _room.Disconnect.RunAsync(_room.Owner, RemoteRoom.Stop);

        var verbs = _room.Ledger.Select(line => line.Action!.Verb).Reverse().ToList();
        Assert.Equal(
            ["configuration.remote.connect", "configuration.remote.connect", "configuration.remote.fetch", "configuration.remote.fetch", "configuration.remote.fetch", "configuration.remote.moved", "configuration.remote.fetch", "configuration.remote.disconnect", "configuration.remote.disconnect"],
            verbs);
        var details = _room.Ledger[^1].Action!.Details;
        Assert.Equal(("git@git.example.org:shop/servers.git", "main", RemoteRoom.Keys[0].Fingerprint), (details["address"], details["branch"], details["hostKeys"]));
    }

    [Fact]
    public async Task What_looks_like_a_secret_is_named_with_its_lines_and_sent_only_when_the_owner_knows_of_it()
    {
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal)
        {
            ["servers/web1/configuration.nix"] = "{\n  users.users.ann.hashedPassword = \"$y$j9T$F5Jx5fExrKuPp53xLKQ\";\n}\n"u8.ToArray(),
            ["servers/web1/default.nix"] = "{ users.users.ann.hashedPasswordFile = \"/run/secrets/ann\"; }\n"u8.ToArray(),
        };
        var head = await (await _room.OursAsync()).CommitAsync(null, files, RemoteRoom.Words("By hand"));

        var exposed = Assert.Single(await new ReadExposed(_room.Repositories).RunAsync(_room.Owner));
        var refused = await _room.Connect.RunAsync(_room.Owner, RemoteRoom.Form, RemoteRoom.Keys, RemoteRoom.Stop);

        Assert.Equal(("servers/web1/configuration.nix", "line 2"), (exposed.Path, exposed.Where));
        Assert.Contains("say that they may be sent", refused.Errors[nameof(RemoteForm.ExposedKnown)], StringComparison.Ordinal);
        Assert.Equal((0, null), (_room.Visits, await _room.Remotes.FindAsync(_room.Owner, RemoteRoom.Stop)));

        var connected = await _room.Connect.RunAsync(_room.Owner, RemoteRoom.Form with { ExposedKnown = true }, RemoteRoom.Keys, RemoteRoom.Stop);
        Assert.Equal("What is here was put there.", connected.Value?.Done);
        Assert.Equal(head, await _room.TheirHeadAsync());
        Assert.Contains(_room.Ledger, line => line.Action?.Details.GetValueOrDefault("exposed") == "known");
    }

    [Fact]
    public async Task Another_host_key_stops_all_visits_until_an_owner_accepts_it_with_a_reason()
    {
        await ConnectedAsync();
        await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "x", 1);
        _room.Away = new ConnectionFault(ConnectionFaultKind.HostKeyChanged, "git.example.org now shows another key.") { Offered = ["SHA256:other"] };
        Assert.Equal(_room.Away.Detail, await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop));
        _room.Away = null;
        var visits = _room.Visits;

        // Neither the old key's return nor a restart lets anything be sent there.
        Assert.NotNull(await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop));
        _room.Restart();
        await Assert.ThrowsAsync<RepositoryException>(async () => await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "y", 2));
        Assert.Equal(visits, _room.Visits);
        Assert.Equal(["SHA256:other"], (await _room.StateAsync()).Remote.HostKeyAlarm!.Shown);
        Assert.Single(_room.Ledger, line => line.Action?.Verb == "configuration.remote.host-key-alarm");

        var shown = new RemoteHost("git@git.example.org:shop/servers.git", "git.example.org", RemoteRoom.Keys);
        Assert.Contains("Say why", await _room.Accept.RunAsync(_room.Owner, shown, " ", RemoteRoom.Stop), StringComparison.Ordinal);
        Assert.Contains("another host", await _room.Accept.RunAsync(_room.Owner, shown with { Address = "git@other.example.org:x" }, "installed anew", RemoteRoom.Stop), StringComparison.Ordinal);
        Assert.Null(await _room.Accept.RunAsync(_room.Owner, shown, "installed anew", RemoteRoom.Stop));
        Assert.NotNull((await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "y", 2)).Commit);
        Assert.Null((await _room.StateAsync()).Remote.HostKeyAlarm);
    }

    [Fact]
    public async Task A_host_that_cannot_be_reached_or_was_not_compared_is_not_connected()
    {
        _room.Away = new ConnectionFault(ConnectionFaultKind.Refused, "Nothing listens there.");

        Assert.Equal("Nothing listens there.", (await _room.Connect.RunAsync(_room.Owner, RemoteRoom.Form, RemoteRoom.Keys, RemoteRoom.Stop)).Errors[nameof(RemoteForm.Address)]);
        Assert.NotNull((await _room.Connect.RunAsync(_room.Owner, RemoteRoom.Form, [], RemoteRoom.Stop)).Errors[""]);
        Assert.NotNull((await _room.Connect.RunAsync(_room.Owner, new RemoteForm("ext::sh", "-f"), RemoteRoom.Keys, RemoteRoom.Stop)).Errors[nameof(RemoteForm.Branch)]);
        Assert.Null(await _room.Remotes.FindAsync(_room.Owner, RemoteRoom.Stop));
    }

    private async Task<string?> ConnectedAsync(string branch = "main")
    {
        var connected = await _room.Connect.RunAsync(_room.Owner, RemoteRoom.Form with { Branch = branch }, RemoteRoom.Keys, RemoteRoom.Stop);
        Assert.True(connected.Done, string.Join("; ", connected.Errors.ByField.Values));
        return connected.Value.Done;
    }
}
