using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Ssh;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Configuration.Remotes;

/// <summary>An organisation with a repository of ours, and a second real one on the same disk that stands for the customer's own.</summary>
internal sealed class RemoteRoom : IAsyncDisposable
{
    public static readonly RemoteForm Form = new("git@git.example.org:shop/servers.git", "main");

    private readonly TemporaryDatabase _database;

    private RemoteRoom(TemporaryDatabase database, Caller owner)
    {
        (_database, Owner) = (database, owner);
        Remotes = new OsModa.Core.Configuration.Remotes(database.Database, Open, News, database.Ledger, Clock, NullLogger<OsModa.Core.Configuration.Remotes>.Instance);
        Repositories = new ConfigurationRepositories(database.Settings, Remotes);
    }

    public Database Database => _database.Database;

    public Caller Owner { get; }

    public HandClock Clock { get; } = new();

    public RemoteNews News { get; } = new();

    public OsModa.Core.Configuration.Remotes Remotes { get; private set; }

    public ConfigurationRepositories Repositories { get; private set; }

    /// <summary>What keeps us from the other repository; null: nothing.</summary>
    public ConnectionFault? Away { get; set; }

    /// <summary>How often somebody set out for it.</summary>
    public int Visits { get; private set; }

    /// <summary>Folder of the customer's repository.</summary>
    public string Theirs => Path.Combine(_database.Settings.Folder, "theirs.git");

    public ConnectRemote Connect => new(Database, Repositories, Remotes, _database.Ledger, Clock);

    public DisconnectRemote Disconnect => new(Database, Repositories, News, _database.Ledger);

    public FetchRemote Fetch => new(Repositories, _database.Ledger);

    public AcceptRemoteKeys Accept => new(Database, Repositories, Remotes, News, _database.Ledger, Clock);

    public SeeRewritten See => new(Database, News, _database.Ledger);

    public IReadOnlyList<LedgerLine> Ledger => _database.LedgerOf(Owner.OrganisationId);

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static IReadOnlyList<HostKey> Keys { get; } = HostKey.TryParse("ssh-ed25519", TestRoutes.Ed25519, out var key) ? [key] : [];

    public static async Task<RemoteRoom> OpenAsync()
    {
        var database = await TemporaryDatabase.OpenAsync();
        var room = new RemoteRoom(database, await database.CallerAsync());
        await GitAsync("", "init", "-q", "--bare", "--initial-branch=main", room.Theirs);
        return room;
    }

    public Task<Caller> SomebodyAsync(Role role, bool sameOrganisation = true) => _database.CallerAsync(role, sameOrganisation ? Owner.OrganisationId : null);

    public Task<ConfigurationRepository> OursAsync() => Repositories.OfAsync(Owner.OrganisationId);

    public async Task<ServerSettings> SettingsAsync() => new(await OursAsync(), Web1);

    /// <summary>Somebody else works with the customer's repository.</summary>
    public async Task<ServerSettings> TheirSettingsAsync() => new(await ConfigurationRepository.OpenAsync(Theirs), Web1);

    public async Task<RemoteState> StateAsync() => await Remotes.FindAsync(Owner, Stop) ?? throw new Xunit.Sdk.XunitException("No remote repository is connected.");

    public async Task ConnectAsync(string branch = "main")
    {
        var connected = await Connect.RunAsync(Owner, Form with { Branch = branch }, Keys, Stop);
        Assert.True(connected.Done, string.Join("; ", connected.Errors.ByField.Values));
    }

    /// <summary>The dashboard is killed and started again: nothing but its folder is left.</summary>
    public void Restart()
    {
        Remotes = new OsModa.Core.Configuration.Remotes(Database, Open, News, _database.Ledger, Clock, NullLogger<OsModa.Core.Configuration.Remotes>.Instance);
        Repositories = new ConfigurationRepositories(_database.Settings, Remotes);
    }

    public Task<CommitId?> TheirHeadAsync(string branch = "main") => HeadAsync(Theirs, $"refs/heads/{branch}");

    public static async Task<CommitId?> HeadAsync(string folder, string reference) =>
        CommitId.TryParse((await GitAsync(folder, "for-each-ref", "--format=%(objectname)", reference)).Trim(), out var head) ? head : null;

    /// <summary>Saves one place of web1.</summary>
    public static async Task<SaveOutcome> SaveAsync(ServerSettings settings, string name, int value)
    {
        var now = await settings.ReadAsync();
        return await settings.SaveAsync(now, now.Document.With(new Setting(OptionPath.Of("a", name), new NixInteger(value))), Words($"{name} is {value}"));
    }

    public static async Task<IEnumerable<string>> PlacesAsync(ServerSettings settings) => (await settings.ReadAsync()).Document.Settings.Keys.Select(path => path.Text);

    public static CommitWords Words(string title) => new("Ann", "ann@example.org", DateTimeOffset.UnixEpoch.AddMinutes(1), title, "");

    /// <summary>Git as anybody runs it; throws when it fails.</summary>
    public static async Task<string> GitAsync(string folder, params string[] arguments)
    {
        string[] where = folder.Length == 0 ? [] : ["--git-dir", folder];
        using var git = Process.Start(new ProcessStartInfo(GitProgram.Find(), [.. where, "-c", "user.name=Eve", "-c", "user.email=eve@example.org", .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var (errors, output) = (git.StandardError.ReadToEndAsync(), git.StandardOutput.ReadToEndAsync());
        await git.WaitForExitAsync();
        return git.ExitCode == 0 ? await output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {await errors}");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static ServerName Web1 => ServerName.TryParse("web1", out var name, out var error) ? name : throw new FormatException(error);

    private RemoteWay Open(ConfigurationRemote row)
    {
        Visits++;
        return Away is { } fault ? throw new ConnectionException(fault) : RemoteWay.To(Theirs);
    }
}
