using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Tests.Configuration.Remotes;
using OsModa.Tests.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>The customer's own repository, on a <see cref="GitHost"/> that has the organisation's key as a deploy key.</summary>
[Trait("Tier", "lab")]
public sealed class RemoteRepositoryTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osmoda-remote-").FullName;
    private readonly RemoteNews _news = new();
    private GitHost _host = null!;
    private ShellsOfDatabase _one = null!;
    private OsModa.Core.Configuration.Remotes _remotes = null!;
    private ConfigurationRepositories _repositories = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LabServer Lab => _host.Server;

    private RemoteForm Form => new(_host.Repository, null);

    private ShowRemoteKeys Show => new(_one.Shells);

    private ConnectRemote Connect => new(_one.Database, _repositories, _remotes, _one.Writer, TimeProvider.System);

    private FetchRemote Fetch => new(_repositories, _one.Writer);

    public async ValueTask InitializeAsync()
    {
        (_host, _one) = (await GitHost.UpAsync(), await ShellsOfDatabase.OpenAsync());
        _remotes = new OsModa.Core.Configuration.Remotes(_one.Database, _one.Shells, _news, _one.Writer, TimeProvider.System, NullLogger<OsModa.Core.Configuration.Remotes>.Instance);
        _repositories = new ConfigurationRepositories(new StorageSettings { Folder = _folder }, _remotes);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task From_the_first_key_to_what_is_saved_here_and_pushed_there()
    {
        await RemoteRoom.SaveAsync(await SettingsAsync(), "x", 1);
        var shown = await Show.RunAsync(_one.Owner, Form, Stop);
        Assert.Equal(Lab.Fingerprint, shown.Value!.Keys[0].Fingerprint);

        var refused = await Connect.RunAsync(_one.Owner, Form, shown.Value.Keys, Stop);
        Assert.Equal($"{Lab.Address} does not let the login 'git' in with this organisation's key. Add the public key to the repository there, as a key that may write.", refused.Errors[nameof(RemoteForm.Address)]);
        await ConnectAsync();

        var saved = await RemoteRoom.SaveAsync(await SettingsAsync(), "y", 2);
        Assert.Equal(saved.Commit?.Text, await _host.GitAsync("rev-parse main"));

        var outside = await _host.CommitAsync("By hand");
        Assert.Null(await Fetch.RunAsync(_one.Owner, Stop));
        var newest = (await (await _repositories.OfAsync(_one.Owner.OrganisationId)).HistoryAsync("", 1))[0];
        Assert.Equal((outside, "Eve", "By hand"), (newest.Id.Text, newest.Author, newest.Title));

        // Nothing but git is to be had there, and a path that is none is said to be none.
        var wrong = await Connect.RunAsync(_one.Owner, Form with { Address = $"ssh://git@{Lab.Address}/home/git/other.git" }, shown.Value.Keys, Stop);
        Assert.Contains("lets us in and does not give us the repository", wrong.Errors[nameof(RemoteForm.Address)], StringComparison.Ordinal);
        Assert.Equal(_host.Repository, (await _remotes.FindAsync(_one.Owner, Stop))?.Remote.Address);
    }

    [Fact]
    public async Task While_it_is_away_a_merge_says_so_and_draft_and_proposal_are_kept_for_later()
    {
        await RemoteRoom.SaveAsync(await SettingsAsync(), "x", 1);
        await ConnectAsync();
        var server = await _one.AddAsync("web1");
        var basis = await (await SettingsAsync()).ReadAsync();
        var document = basis.Document.With(new Setting(OptionPath.Of("a", "y"), new NixInteger(2)));
        var drafts = new Drafts(_one.Database, TimeProvider.System);
        await drafts.SaveAsync(_one.Owner, server.Id, basis, document, Stop);
        var context = _one.Database.OpenForAll();
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = server.Id, OrganisationId = _one.Owner.OrganisationId, Kind = SourceKind.Channel, AdoptedAt = TimeProvider.System.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }

        await Lab.ShellAsync("systemctl stop sshd");

        var form = new ProposalForm { Id = Guid.CreateVersion7(), Title = "Two", Changes = [new ProposedSettings(server.Id, basis, document)] };
        Assert.True((await new ProposeChange(_one.Database, _repositories, new ProposalNews(), _one.Writer, TimeProvider.System).RunAsync(_one.Owner, form, Stop)).Done);
        var merge = new MergeProposal(_one.Database, _repositories, new ProposalNews(), _one.Writer, TimeProvider.System);
        var told = await merge.RunAsync(_one.Owner, form.Id, Stop);

        Assert.StartsWith("Nothing was saved, because the remote repository could not be reached. ", told.Errors[""], StringComparison.Ordinal);
        Assert.Contains("nothing listens for SSH there", told.Errors[""], StringComparison.Ordinal);
        Assert.Equal(document, Assert.Single(await drafts.OfAsync(_one.Owner, server.Id, Stop)).Document);
        Assert.NotNull((await _remotes.FindAsync(_one.Owner, Stop))?.Remote.Fault);

        await Lab.ShellAsync("systemctl start sshd");
        await Lab.RestartSshdAsync();
        var merged = await merge.RunAsync(_one.Owner, form.Id, Stop);
        Assert.Equal(merged.Value?.Commit.Text, await _host.GitAsync("rev-parse main"));
        Assert.Null((await _remotes.FindAsync(_one.Owner, Stop))?.Remote.Fault);
    }

    [Fact]
    public async Task Another_host_key_stops_everything_until_an_owner_accepts_it()
    {
        await RemoteRoom.SaveAsync(await SettingsAsync(), "x", 1);
        await ConnectAsync();
        await RemoteRoom.SaveAsync(await SettingsAsync(), "y", 2);

        var fingerprint = await Lab.ChangeHostKeyAsync();
        var told = await Fetch.RunAsync(_one.Owner, Stop);

        Assert.Contains($"now shows the host key {fingerprint}; accepted is {Lab.Fingerprint}.", told, StringComparison.Ordinal);
        Assert.Equal([fingerprint], (await _remotes.FindAsync(_one.Owner, Stop))?.Remote.HostKeyAlarm?.Shown);
        Assert.Single(_one.Ledger, line => line.Type == "configuration.remote.host-key-alarm");
        var connections = await ConnectionsAsync();
        await Assert.ThrowsAsync<RepositoryException>(async () => await RemoteRoom.SaveAsync(await SettingsAsync(), "z", 3));
        Assert.Equal(connections, await ConnectionsAsync());

        var shown = await Show.RunAsync(_one.Owner, Form, Stop);
        Assert.Null(await new AcceptRemoteKeys(_one.Database, _repositories, _remotes, _news, _one.Writer, TimeProvider.System).RunAsync(_one.Owner, shown.Value!, "installed anew", Stop));
        var saved = await RemoteRoom.SaveAsync(await SettingsAsync(), "z", 3);
        Assert.Equal(saved.Commit?.Text, await _host.GitAsync("rev-parse main"));
    }

    private async Task<int> ConnectionsAsync() => int.Parse(await Lab.ShellAsync("journalctl --sync; journalctl -u sshd | grep -c 'Accepted publickey' || true"));

    private async Task ConnectAsync()
    {
        await Lab.AdmitAsync(await _one.Keys.PublicKeyAsync(_one.Owner.OrganisationId, Stop));
        var shown = await Show.RunAsync(_one.Owner, Form, Stop);
        var connected = await Connect.RunAsync(_one.Owner, Form, shown.Value!.Keys, Stop);
        Assert.Equal("What is here was put there.", connected.Value?.Done);
    }

    private async Task<ServerSettings> SettingsAsync() => ServerName.TryParse("web1", out var name, out var error) ? new ServerSettings(await _repositories.OfAsync(_one.Owner.OrganisationId), name) : throw new FormatException(error);
}
