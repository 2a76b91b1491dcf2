using Microsoft.Extensions.Logging;
using OsModa.Core.Servers;

namespace OsModa.Core.Ssh;

/// <summary>
/// One server over the OpenSSH client: one process holds the connection, each script runs in a process of its own over that. When the
/// server's host key turns out to be another one, everything stops at once and stays stopped for the life of this object.
/// </summary>
internal sealed class OpenSshShell : IRemoteShell
{
    private readonly SshClient _client;
    private readonly SshRoute _route;
    private readonly SshDoor _door;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly SshStarts _starts;
    private readonly CancellationTokenSource _disposal = new();
    private SshMaster? _master;
    private int _masters;
    private int _isDisposed;
    private ConnectionFault? _stopped;

    public OpenSshShell(SshClient client, SshRoute route)
    {
        (_client, _route, _door) = (client, route, new SshDoor(client, route));
        _starts = new SshStarts(client, route, _door);
    }

    public SshRoute Route => _route;

    /// <summary>A changed host key that stands from before; nothing is connected then.</summary>
    public ConnectionFault? StoppedBy { init => _stopped = value; }

    /// <summary>Called when a host key is found to have changed, before anybody hears of it.</summary>
    public Func<ConnectionFault, Task>? HostKeyChanged { get; init; }

    public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => UnlessDisposedAsync(async token =>
    {
        var master = await MasterAsync(token);
        var privilege = await PrivilegeAsync(master, script, token);
        return await _starts.OverAsync(master, script, RemoteCommand.Build(script, arguments, privilege), privilege, token);
    }, cancellationToken);

    public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => UnlessDisposedAsync(async token =>
    {
        ThrowIfStopped();
        // Rights do not change from one connection to the next, and asking for them costs nothing where one is open.
        var privilege = LoginIsRoot ? Privilege.Login : await PrivilegeAsync(await MasterAsync(token), script, token);
        var command = RemoteCommand.Build(script, arguments, privilege);
        return await WatchForChangedKeyAsync(() => _door.EnterAsync(inTime => _starts.AloneAsync(command, privilege, inTime), token));
    }, cancellationToken);

    /// <summary>Asks what kind of server it is and what we may do there.</summary>
    /// <exception cref="ConnectionException">No connection.</exception>
    public Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken) => UnlessDisposedAsync(async token =>
    {
        var master = await MasterAsync(token);
        return master.Probe = await ProbeAsync(master, token);
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _disposal.CancelAsync();
        await _opening.WaitAsync();
        await CloseAllAsync();
        _door.Dispose();
    }

    private async Task<T> UnlessDisposedAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposal.Token);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException e) when (_disposal.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Lost, $"The connection to {_route.Server} was closed here: the server's entry was changed or removed."), e);
        }
    }

    private void ThrowIfStopped()
    {
        if (_stopped is { } fault)
        {
            throw new ConnectionException(fault);
        }
    }

    private bool LoginIsRoot => _route.Server.Login == LoginName.Root;

    private async Task<SshMaster> MasterAsync(CancellationToken cancellationToken)
    {
        if (_stopped is null && Volatile.Read(ref _master) is { IsOpen: true } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            ThrowIfStopped();
            if (_master is { IsOpen: true } opened)
            {
                return opened;
            }

            // Taken out before it is closed: the new one may fail to open, and the next attempt must not close this one again.
            if (Interlocked.Exchange(ref _master, null) is { } dead)
            {
                await dead.DisposeAsync();
            }

            var opening = await WatchForChangedKeyAsync(() =>
                _door.EnterAsync(token => SshMaster.OpenAsync(_client, _route, _door.Files, _door.Files.Socket(++_masters), token), cancellationToken));
            Interlocked.Exchange(ref _master, opening);
            if (_stopped is not null)
            {
                // Another connection found the key changed while this one was let in: either it has seen this one, or we see what it found.
                Interlocked.CompareExchange(ref _master, null, opening);
                await opening.DisposeAsync();
                ThrowIfStopped();
            }

            _client.Log.LogInformation("Connected to {Server} at {Address}", _route.Server.Id, _route.Server.Address);
            return opening;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<Privilege> PrivilegeAsync(SshMaster master, RemoteScript script, CancellationToken cancellationToken)
    {
        if (LoginIsRoot)
        {
            return Privilege.Login;
        }

        // Asked once per connection: what a login may do was settled when it was let in. Whoever watches the server notices when a new one may do more.
        var probe = master.Probe ??= await ProbeAsync(master, cancellationToken);
        if (script.NeedsRoot && !probe.MayAct)
        {
            throw new ConnectionException(probe.SudoFault(_route));
        }

        return probe.SudoWorks ? Privilege.Sudo : Privilege.Login;
    }

    private async Task<ProbeResult> ProbeAsync(SshMaster master, CancellationToken cancellationToken)
    {
        var script = RemoteScript.Embedded("probe.sh");
        await using var run = await _starts.OverAsync(master, script, RemoteCommand.Build(script, [], Privilege.Login), Privilege.Login, cancellationToken);
        return await ProbeResult.ReadAsync(run, cancellationToken);
    }

    private async Task<T> WatchForChangedKeyAsync<T>(Func<Task<T>> connect)
    {
        try
        {
            return await connect();
        }
        catch (ConnectionException e) when (e.Fault is { Kind: ConnectionFaultKind.HostKeyChanged, KeyOf: { } hop })
        {
            // First of all no more traffic: an open connection would go on without another check.
            _stopped = e.Fault;
            await CloseAllAsync();
            var changed = _route.Hops.Single(h => h.Id == hop);
            _stopped = SshFaults.HostKeyChanged(_route, changed, await OfferedAsync(changed));
            _client.Log.LogWarning("The host key of {Server} has changed; its connections are closed", hop);
            await (HostKeyChanged?.Invoke(_stopped) ?? Task.CompletedTask);
            throw new ConnectionException(_stopped, e);
        }
    }

    private async Task<IReadOnlyList<string>> OfferedAsync(SshHop hop)
    {
        try
        {
            var until = _route with { Hops = _route.Hops[..(_route.Hops.IndexOf(hop) + 1)] };
            return [.. (await new HostKeyScan(_client).ReadAsync(until, _disposal.Token)).Select(k => k.Fingerprint)];
        }
        catch (Exception e) when (e is ConnectionException or OperationCanceledException)
        {
            return [];
        }
    }

    private async Task CloseAllAsync()
    {
        if (Interlocked.Exchange(ref _master, null) is { } master)
        {
            await master.DisposeAsync();
        }

        await _starts.EndAllAsync();
    }
}
