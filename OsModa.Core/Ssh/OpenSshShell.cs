using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OsModa.Core.Servers;

namespace OsModa.Core.Ssh;

/// <summary>
/// One server over the OpenSSH client: one process holds the connection, each script runs in a process of its own over that. When the
/// server's host key turns out to be another one, everything stops at once and stays stopped for the life of this object.
/// </summary>
internal sealed class OpenSshShell : IRemoteShell
{
    private static readonly TimeSpan UntilMasterIsSeenDead = TimeSpan.FromSeconds(1);

    private readonly SshClient _client;
    private readonly SshRoute _route;
    private readonly SshDoor _door;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly ConcurrentDictionary<OpenSshRun, byte> _runs = new();
    private readonly CancellationTokenSource _disposal = new();
    private SshMaster? _master;
    private int _masters;
    private int _isDisposed;
    private ConnectionFault? _stopped;

    public OpenSshShell(SshClient client, SshRoute route) => (_client, _route, _door) = (client, route, new SshDoor(client, route));

    public SshRoute Route => _route;

    /// <summary>A changed host key that stands from before; nothing is connected then.</summary>
    public ConnectionFault? StoppedBy { init => _stopped = value; }

    /// <summary>Called when a host key is found to have changed, before anybody hears of it.</summary>
    public Func<ConnectionFault, Task>? HostKeyChanged { get; init; }

    public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => UnlessDisposedAsync(async token =>
    {
        var master = await MasterAsync(token);
        var privilege = await PrivilegeAsync(master, script, token);
        return await StartAsync(master, script, RemoteCommand.Build(script, arguments, privilege), privilege, token);
    }, cancellationToken);

    public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => UnlessDisposedAsync(async token =>
    {
        ThrowIfStopped();
        // Rights do not change from one connection to the next, and asking for them costs nothing where one is open.
        var privilege = LoginIsRoot ? Privilege.Login : await PrivilegeAsync(await MasterAsync(token), script, token);
        var command = RemoteCommand.Build(script, arguments, privilege);
        return await WatchForChangedKeyAsync(() => _door.EnterAsync(inTime => StartAloneAsync(command, privilege, inTime), token));
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

            _master = await WatchForChangedKeyAsync(() =>
                _door.EnterAsync(token => SshMaster.OpenAsync(_client, _route, _door.Files, _door.Files.Socket(++_masters), token), cancellationToken));
            _client.Log.LogInformation("Connected to {Server} at {Address}", _route.Server.Id, _route.Server.Address);
            return _master;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<IRemoteRun> StartAsync(SshMaster master, RemoteScript script, RemoteCommand command, Privilege privilege, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_client.Settings.StartTime, _client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        Action? leave = null;
        try
        {
            var place = await master.Sessions.TakeAsync(script, either.Token);
            leave = place;
            // Should the master be gone, ssh would connect by itself: the proxy command that fails keeps it from that.
            var process = ChildProcess.Start(_client.Programs.Ssh,
                ["-F", _door.Files.Config, "-S", master.Socket, "-T", "-o", "ProxyCommand=false", "-o", "LogLevel=ERROR", "--", _route.Server.Id.ToString(), command.Line]);
            return Keep(await OpenSshRun.BeginAsync(
                process,
                command,
                (status, errors) => status == 255 && !errors.Contains("refused by peer", StringComparison.Ordinal) ? SshFaults.Lost(_route, master.Errors) : NotBegun(status, errors, privilege),
                (status, _) => JudgeAsync(master, status),
                run =>
                {
                    _runs.TryRemove(run, out byte _);
                    place();
                },
                either.Token));
        }
        catch (Exception e)
        {
            leave?.Invoke();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                if (leave is null)
                {
                    throw new ConnectionException(SshFaults.Busy(_route));
                }

                // It hangs, so whatever else goes over it hangs too.
                await master.DisposeAsync();
                throw new ConnectionException(SshFaults.Silent(_route, _client.Settings.StartTime));
            }

            // What a login may do was settled when it was let in: once a person has mended that, only another login finds it mended.
            if (e is ConnectionException { Fault.Kind: ConnectionFaultKind.PasswordExpired or ConnectionFaultKind.PermissionDenied })
            {
                await master.DisposeAsync();
            }

            throw;
        }
    }

    private async Task<IRemoteRun> StartAloneAsync(RemoteCommand command, Privilege privilege, CancellationToken cancellationToken)
    {
        var process = await ChildProcess.StartBoundAsync(_client.Programs, _client.Programs.Ssh,
            ["-F", _door.Files.Config, "-S", "none", "-T", "--", _route.Server.Id.ToString(), command.Line]);
        return Keep(await OpenSshRun.BeginAsync(
            process,
            command,
            (status, errors) => status == 255 ? SshFaults.Connecting(errors, _route) : NotBegun(status, errors, privilege),
            (status, errors) => ValueTask.FromResult(status == 255 ? SshFaults.Lost(_route, errors) : null),
            run => _runs.TryRemove(run, out _),
            cancellationToken));
    }

    // Status 255 is ssh's own for a lost connection, but a script may end with it too: then the connection is still there.
    private async ValueTask<ConnectionFault?> JudgeAsync(SshMaster master, int status)
    {
        if (status != 255)
        {
            return null;
        }

        await Task.WhenAny(master.Ended, Task.Delay(UntilMasterIsSeenDead, _client.Time, CancellationToken.None));
        return master.IsOpen ? null : SshFaults.Lost(_route, master.Errors);
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
        await using var run = await StartAsync(master, script, RemoteCommand.Build(script, [], Privilege.Login), Privilege.Login, cancellationToken);
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

    private OpenSshRun Keep(OpenSshRun run)
    {
        _runs[run] = 0;
        return run;
    }

    private async Task CloseAllAsync()
    {
        if (Interlocked.Exchange(ref _master, null) is { } master)
        {
            await master.DisposeAsync();
        }

        foreach (var run in _runs.Keys)
        {
            await run.DisposeAsync();
        }
    }

    private ConnectionFault NotBegun(int status, string errors, Privilege privilege) =>
        status < 0 ? SshFaults.Chatter(_route) : SshFaults.Starting(errors, status, _route, privilege);
}
