using System.Collections.Concurrent;

namespace OsModa.Core.Ssh;

/// <summary>Starts scripts on one server, each in an ssh of its own, and ends those that are under way.</summary>
internal sealed class SshStarts(SshClient client, SshRoute route, SshDoor door)
{
    private static readonly TimeSpan UntilMasterIsSeenDead = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<OpenSshRun, byte> _runs = new();

    /// <summary>Over a connection that is open.</summary>
    /// <exception cref="ConnectionException">It did not begin.</exception>
    public async Task<IRemoteRun> OverAsync(SshMaster master, RemoteScript script, RemoteCommand command, Privilege privilege, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(client.Settings.StartTime, client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        Action? leave = null;
        try
        {
            var place = await master.Sessions.TakeAsync(script, either.Token);
            leave = place;
            // Should the master be gone, ssh would connect by itself: the proxy command that fails keeps it from that.
            var process = ChildProcess.Start(client.Programs.Ssh,
                ["-F", door.Files.Config, "-S", master.Socket, "-T", "-o", "ProxyCommand=false", "-o", "LogLevel=ERROR", "--", route.Server.Id.ToString(), command.Line]);
            return Keep(await OpenSshRun.BeginAsync(
                process,
                command,
                (status, errors) => status == 255 && !errors.Contains("refused by peer", StringComparison.Ordinal) ? SshFaults.Lost(route, master.Errors) : NotBegun(status, errors, privilege),
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
                    throw new ConnectionException(SshFaults.Busy(route));
                }

                // It hangs, so whatever else goes over it hangs too.
                await master.DisposeAsync();
                throw new ConnectionException(SshFaults.Silent(route, client.Settings.StartTime));
            }

            // What a login may do was settled when it was let in: once a person has mended that, only another login finds it mended.
            if (e is ConnectionException { Fault.Kind: ConnectionFaultKind.PasswordExpired or ConnectionFaultKind.PermissionDenied })
            {
                await master.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Over a connection of its own.</summary>
    /// <exception cref="ConnectionException">It did not begin.</exception>
    public async Task<IRemoteRun> AloneAsync(RemoteCommand command, Privilege privilege, CancellationToken cancellationToken)
    {
        var process = await ChildProcess.StartBoundAsync(client.Programs, client.Programs.Ssh,
            ["-F", door.Files.Config, "-S", "none", "-T", "--", route.Server.Id.ToString(), command.Line]);
        return Keep(await OpenSshRun.BeginAsync(
            process,
            command,
            (status, errors) => status == 255 ? SshFaults.Connecting(errors, route) : NotBegun(status, errors, privilege),
            (status, errors) => ValueTask.FromResult(status == 255 ? SshFaults.Lost(route, errors) : null),
            run => _runs.TryRemove(run, out _),
            cancellationToken));
    }

    public async Task EndAllAsync()
    {
        foreach (var run in _runs.Keys)
        {
            await run.DisposeAsync();
        }
    }

    // Status 255 is ssh's own for a lost connection, but a script may end with it too: then the connection is still there.
    private async ValueTask<ConnectionFault?> JudgeAsync(SshMaster master, int status)
    {
        if (status != 255)
        {
            return null;
        }

        await Task.WhenAny(master.Ended, Task.Delay(UntilMasterIsSeenDead, client.Time, CancellationToken.None));
        return master.IsOpen ? null : SshFaults.Lost(route, master.Errors);
    }

    private OpenSshRun Keep(OpenSshRun run)
    {
        _runs[run] = 0;
        return run;
    }

    private ConnectionFault NotBegun(int status, string errors, Privilege privilege) =>
        status < 0 ? SshFaults.Chatter(route) : SshFaults.Starting(errors, status, route, privilege);
}
