using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Ssh;

/// <summary>Makes the shell of a simulated server; whoever simulates registers one.</summary>
/// <param name="server">Its row, <see cref="Server.Simulated"/>.</param>
public delegate IRemoteShell SimulateServer(Server server);

/// <summary>The host keys that a simulated server shows now; whoever simulates registers one.</summary>
/// <param name="server">Its row, <see cref="Server.Simulated"/>.</param>
/// <exception cref="ConnectionException">It cannot be reached.</exception>
public delegate IReadOnlyList<HostKey> SimulateHostKeys(Server server);

/// <summary>
/// The one shell of each server. Ask for it each time and do not dispose it: when the server's entry changes, the old one is closed (what
/// runs over it ends with a fault of kind <see cref="ConnectionFaultKind.Lost"/>) and the next call gets a new one.
/// </summary>
public sealed class RemoteShells : IAsyncDisposable
{
    private readonly SshRoutes _routes;
    private readonly HostKeyAlarms _alarms;
    private readonly SimulateServer? _simulate;
    private readonly SimulateHostKeys? _simulateKeys;
    private readonly ConcurrentDictionary<ServerId, Open> _open = new();
    private readonly Lazy<SshClient> _client;
    private int _releases;

    public RemoteShells(Database database, OrganisationKeys keys, SshSettings settings, TimeProvider time, ILogger<RemoteShells> log, SimulateServer? simulate = null, SimulateHostKeys? simulateKeys = null, LedgerWriter? ledger = null)
    {
        _routes = new SshRoutes(database);
        _alarms = new HostKeyAlarms(database, ledger, time, log);
        (_simulate, _simulateKeys) = (simulate, simulateKeys);
        // Only when the first real server is reached: a dashboard with nothing but simulated ones needs no ssh.
        _client = new Lazy<SshClient>(() =>
        {
            var (programs, folder) = (SshPrograms.Find(), SshFolder.Open(settings));
            return new SshClient(settings, programs, folder, new SshAgents(programs, folder, keys.PairAsync), new AddressPolicy(settings), time, log);
        }, LazyThreadSafetyMode.PublicationOnly);    // what is missing may be there at the next try
    }

    /// <summary>The server's shell. Nothing is connected before a script is started.</summary>
    /// <exception cref="ConnectionException">There is no such server, or its entry makes no sense.</exception>
    public async ValueTask<IRemoteShell> ForAsync(ServerId server, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_open.TryGetValue(server, out var open))
            {
                return open.Shell;
            }

            var releases = Volatile.Read(ref _releases);
            var made = await MakeAsync(server, cancellationToken);
            if (!_open.TryAdd(server, made))
            {
                await made.Shell.DisposeAsync();
            }
            else if (Volatile.Read(ref _releases) != releases)
            {
                // The entry may have changed between our reading and now.
                await ReleaseAsync(server);
            }
        }
    }

    /// <summary>Asks a server what it is and what we may do there. Null for a simulated one.</summary>
    /// <exception cref="ConnectionException">No connection.</exception>
    public async Task<(ProbeResult Result, ConnectionFault? Fault)?> ProbeAsync(ServerId server, CancellationToken cancellationToken)
    {
        if (await ForAsync(server, cancellationToken) is not OpenSshShell shell)
        {
            return null;
        }

        var result = await shell.ProbeAsync(cancellationToken);
        return (result, result.Fault(shell.Route));
    }

    /// <summary>To be called when a server was removed or its address, port, login, way or host keys have changed: closes its connections and those through it.</summary>
    public ValueTask ReleaseAsync(ServerId server)
    {
        Interlocked.Increment(ref _releases);
        return CloseAsync(server, butNot: null);
    }

    /// <summary>Reads the host keys that a server shows now; best kind first. The last hop's own keys do not matter.</summary>
    /// <exception cref="ConnectionException">It cannot be reached.</exception>
    internal Task<IReadOnlyList<HostKey>> ReadHostKeysAsync(SshRoute route, CancellationToken cancellationToken) =>
        new HostKeyScan(_client.Value).ReadAsync(route, cancellationToken);

    /// <summary>For a program of ours that speaks ssh itself, and is no shell of a server.</summary>
    /// <exception cref="ConnectionException">The OpenSSH client is not installed, or there is no folder for its files.</exception>
    internal SshClient Client => _client.Value;

    /// <summary>The same of a simulated one.</summary>
    /// <exception cref="ConnectionException">It cannot be reached.</exception>
    internal IReadOnlyList<HostKey> ReadSimulatedHostKeys(Server row) => _simulateKeys?.Invoke(row) ?? throw NoDemo(row);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_open.Values.Select(open => open.Shell.DisposeAsync().AsTask()));
        _open.Clear();
        if (_client.IsValueCreated)
        {
            await _client.Value.Agents.DisposeAsync();
            _client.Value.Folder.Dispose();
        }
    }

    private static ConnectionException NoDemo(Server row) => SshRoutes.Broken($"{row.Name} is a simulated server, and this dashboard runs without the demo.");

    private async Task<Open> MakeAsync(ServerId server, CancellationToken cancellationToken)
    {
        var row = await _routes.ServerAsync(server, cancellationToken);
        if (row.Simulated)
        {
            return new Open(_simulate?.Invoke(row) ?? throw NoDemo(row), [server]);
        }

        var route = await _routes.RouteAsync(row, cancellationToken);
        var shell = new OpenSshShell(_client.Value, route)
        {
            HostKeyChanged = fault => StopAsync(row, fault),
            StoppedBy = await _alarms.StandingAsync(route, cancellationToken),
        };
        return new Open(shell, [.. route.Hops.Select(h => h.Id)]);
    }

    // Others go through the same machine when it is a jump host: theirs are closed too, and find the alarm when they are opened anew.
    private async Task StopAsync(Server noticed, ConnectionFault fault)
    {
        await _alarms.RaiseAsync(noticed.OrganisationId, fault);
        if (fault.KeyOf is { } changed)
        {
            // Not waited for: two shells that notice at the same time would wait for each other.
            _ = CloseAsync(changed, butNot: noticed.Id).AsTask();
        }
    }

    private async ValueTask CloseAsync(ServerId through, ServerId? butNot)
    {
        foreach (var (id, open) in _open)
        {
            if (id != butNot && open.Through.Contains(through) && _open.TryRemove(KeyValuePair.Create(id, open)))
            {
                await open.Shell.DisposeAsync();
            }
        }
    }

    private sealed record Open(IRemoteShell Shell, IReadOnlyList<ServerId> Through);
}
