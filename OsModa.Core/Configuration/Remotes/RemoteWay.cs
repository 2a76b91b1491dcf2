using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>
/// The way to a remote repository for as long as one visit takes: what git is told of it, all of it in the environment, and how its first command gets
/// in. By SSH the host is called by our id and reached at an address that was checked; git's ssh has the configuration that shells of servers have.
/// </summary>
internal sealed class RemoteWay : IDisposable
{
    /// <summary>What the remote is called on git's command line.</summary>
    public const string Name = "osmoda";

    private readonly SshClient? _client;
    private readonly SshRoute? _route;
    private readonly SshDoor? _door;

    private RemoteWay(string url, string protocol, Dictionary<string, string> ssh, SshClient? client = null, SshRoute? route = null, SshDoor? door = null)
    {
        (Protocol, _client, _route, _door) = (protocol, client, route, door);
        Environment = new Dictionary<string, string>(ssh, StringComparer.Ordinal) { ["GIT_CONFIG_COUNT"] = "1", ["GIT_CONFIG_KEY_0"] = $"remote.{Name}.url", ["GIT_CONFIG_VALUE_0"] = url };
    }

    /// <summary>The only one that git may speak on this way.</summary>
    public string Protocol { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>By SSH.</summary>
    /// <param name="client">Whose programs, agents and policy of addresses count.</param>
    /// <param name="route">To the host, directly; with the host keys that a person accepted.</param>
    /// <param name="path">As in the address; checked.</param>
    public static RemoteWay Through(SshClient client, SshRoute route, string path)
    {
        var door = new SshDoor(client, route);
        // Git starts it through a shell. It ends with git, also when that is killed.
        var bound = client.Programs.Setpriv is { } setpriv ? $"'{setpriv}' --pdeathsig KILL " : "";
        var ssh = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GIT_SSH_COMMAND"] = $"{bound}'{client.Programs.Ssh}' -F '{door.Files.Config}' -S none",
            ["GIT_SSH_VARIANT"] = "ssh",
        };
        return new RemoteWay($"{route.Server.Id}:{path}", "ssh", ssh, client, route, door);
    }

    /// <summary>A repository in a folder of this machine, for tests.</summary>
    public static RemoteWay To(string folder) => new(folder, "file", []);

    /// <summary>Runs the first command, which says by how it ends whether there is a way in.</summary>
    /// <exception cref="ConnectionException">There is none.</exception>
    public async Task<GitRun> EnterAsync(Func<CancellationToken, Task<GitRun>> first, CancellationToken cancellationToken)
    {
        if (_door is null || _route is null)
        {
            return await first(cancellationToken);
        }

        try
        {
            return await _door.EnterAsync(async inTime => Judge(await first(inTime)), cancellationToken);
        }
        catch (ConnectionException e) when (e.Fault.Kind == ConnectionFaultKind.HostKeyChanged)
        {
            throw new ConnectionException(RemoteFaults.HostKeyChanged(_route.Server, await OfferedAsync(_route, cancellationToken)), e);
        }
        catch (ConnectionException e) when (e.Fault.Kind == ConnectionFaultKind.PermissionDenied)
        {
            throw new ConnectionException(RemoteFaults.Denied(_route.Server), e);
        }
    }

    /// <summary>Throws where ssh says that there is no connection; else gives the run back.</summary>
    public GitRun Judge(GitRun run) => run.Status != 0 && _route is not null && SshWords.Read(run.Errors) is not null ? throw new ConnectionException(SshFaults.Connecting(run.Errors, _route)) : run;

    public void Dispose() => _door?.Dispose();

    private async Task<IReadOnlyList<string>> OfferedAsync(SshRoute route, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await new HostKeyScan(_client!).ReadAsync(route, cancellationToken)).Select(key => key.Fingerprint)];
        }
        catch (ConnectionException)
        {
            return [];
        }
    }
}
