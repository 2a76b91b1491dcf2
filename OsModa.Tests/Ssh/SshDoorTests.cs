using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class SshDoorTests : IAsyncLifetime
{
    private static readonly SshRoute Route = TestRoutes.Of(("192.0.2.7", "root"));
    private static readonly string NotFound = $"No ED25519 host key is known for {Route.Server.Id} and you have requested strict checking.\r\nHost key verification failed.\r\n";

    private readonly string _place = Directory.CreateTempSubdirectory("door-").FullName;
    private SshClient _client = null!;
    private SshDoor _door = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var settings = new SshSettings { RuntimeFolder = _place };
        var (programs, folder) = (SshPrograms.Find(), SshFolder.Open(settings));
        var agents = new SshAgents(programs, folder, (_, stop) => SshKeyPair.MakeAsync(programs, "door", stop));
        _client = new SshClient(settings, programs, folder, agents, new AddressPolicy(settings), TimeProvider.System, NullLogger.Instance);
        _door = new SshDoor(_client, Route);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _door.Dispose();
        await _client.Agents.DisposeAsync();
        _client.Folder.Dispose();
        Directory.Delete(_place, recursive: true);
    }

    [Fact]
    public async Task Files_that_were_cleared_away_are_written_again()
    {
        Assert.True(await _door.EnterAsync(_ => Task.FromResult(HasFiles()), Cancelled));
        File.Delete(_door.Files.KnownHosts);
        Assert.True(await _door.EnterAsync(_ => Task.FromResult(HasFiles()), Cancelled));
        Directory.Delete(_door.Files.Folder, recursive: true);
        Assert.True(await _door.EnterAsync(_ => Task.FromResult(HasFiles()), Cancelled));
    }

    [Fact]
    public async Task A_file_of_keys_that_vanishes_under_way_is_no_changed_key()
    {
        var attempts = 0;

        var found = await _door.EnterAsync(_ =>
        {
            if (++attempts == 1)
            {
                File.Delete(_door.Files.KnownHosts);
                throw new ConnectionException(SshFaults.Connecting(NotFound, Route));
            }

            return Task.FromResult(HasFiles());
        }, Cancelled);

        Assert.True(found);
        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task A_key_of_another_kind_is_a_changed_key()
    {
        var attempts = 0;

        var refusal = await Assert.ThrowsAsync<ConnectionException>(() => _door.EnterAsync<bool>(_ =>
        {
            attempts++;
            throw new ConnectionException(SshFaults.Connecting(NotFound, Route));
        }, Cancelled));

        Assert.Equal((ConnectionFaultKind.HostKeyChanged, Route.Server.Id, 2), (refusal.Fault.Kind, refusal.Fault.KeyOf!.Value, attempts));
    }

    [Fact]
    public async Task The_agent_is_started_anew_when_what_it_is_found_by_was_cleared_away()
    {
        var key = await _client.Agents.ForAsync(Route.Organisation, Cancelled);
        File.Delete(key.PublicKeyFile);

        var again = await _client.Agents.ForAsync(Route.Organisation, Cancelled);

        Assert.NotEqual(key, again);
        Assert.True(File.Exists(again.PublicKeyFile));
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_trouble_of_ours()
    {
        await _door.EnterAsync(_ => Task.FromResult(true), Cancelled);
        Directory.Delete(_client.Folder.Path, recursive: true);

        var refusal = await Assert.ThrowsAsync<ConnectionException>(() => _door.EnterAsync(_ => Task.FromResult(true), Cancelled));

        Assert.Equal(ConnectionFaultKind.Ours, refusal.Fault.Kind);
        Assert.Contains("start the dashboard again", refusal.Fault.Detail, StringComparison.Ordinal);
    }

    private bool HasFiles() => File.ReadAllText(_door.Files.KnownHosts).Contains(TestRoutes.Ed25519, StringComparison.Ordinal) && File.Exists(_door.Files.Config);
}
