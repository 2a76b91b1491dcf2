using System.Net;

namespace OsModa.Core.Ssh;

/// <summary>
/// The way in to one server: checks and resolves, writes ssh's files, and tries the server's addresses one after the other, all within
/// the time for connecting. The time is kept by our clock; what runs when it is over is killed by its caller's disposal.
/// </summary>
internal sealed class SshDoor(SshClient client, SshRoute route) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private string? _written;

    public SshFiles Files { get; } = new(client.Folder.Add());

    /// <summary>Runs an attempt, which starts an ssh with <see cref="Files"/>, until one gets in.</summary>
    /// <exception cref="ConnectionException">None got in.</exception>
    public async Task<T> EnterAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        foreach (var hop in route.Hops)
        {
            if (hop.Keys.IsEmpty)
            {
                throw new ConnectionException(SshFaults.HostKeyUnknown(route, hop));
            }
        }

        using var patience = new CancellationTokenSource(client.Settings.ConnectTime, client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var key = await client.Agents.ForAsync(route.Organisation, either.Token);
            try
            {
                return await EnterAsync(attempt, key, either.Token);
            }
            catch (ConnectionException e) when (e.Fault.Kind == ConnectionFaultKind.PermissionDenied && !client.Agents.Runs(key))
            {
                // Not the server's doing: the agent died on the way. Another one is started.
                return await EnterAsync(attempt, await client.Agents.ForAsync(route.Organisation, either.Token), either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException(SshFaults.TimedOut(route));
        }
    }

    public void Dispose()
    {
        OwnFiles.DeleteFolder(Files.Folder);
        _writing.Dispose();
    }

    private async Task<T> EnterAsync<T>(Func<CancellationToken, Task<T>> attempt, AgentKey key, CancellationToken cancellationToken)
    {
        var addresses = await client.Addresses.ResolveAsync(route, client.Time, cancellationToken);
        for (var i = 0; ; i++)
        {
            try
            {
                return await AttemptAsync(attempt, addresses[i], key, cancellationToken);
            }
            catch (ConnectionException e) when (i < addresses.Count - 1 && e.Fault.Kind is ConnectionFaultKind.Unreachable or ConnectionFaultKind.TimedOut or ConnectionFaultKind.Refused)
            {
                // The next address may do.
            }
        }
    }

    private async Task<T> AttemptAsync<T>(Func<CancellationToken, Task<T>> attempt, IPAddress address, AgentKey key, CancellationToken cancellationToken)
    {
        await WriteAsync(address, key, anew: false, cancellationToken);
        try
        {
            return await attempt(cancellationToken);
        }
        catch (ConnectionException e) when (e.Fault.KeyNotFound)
        {
            // A key of another kind, or a file that was cleared away under its feet: only the first says so twice.
            await WriteAsync(address, key, anew: true, cancellationToken);
            return await attempt(cancellationToken);
        }
    }

    private async Task WriteAsync(IPAddress address, AgentKey key, bool anew, CancellationToken cancellationToken)
    {
        var config = SshConfig.Text(route, address, Files, key, client.Settings, client.Programs);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            // What clears old files away, such as systemd-tmpfiles in /tmp, may have taken them.
            if (!anew && config == _written && File.Exists(Files.KnownHosts) && File.Exists(Files.Config))
            {
                return;
            }

            client.Folder.Restore(Files.Folder);
            await OwnFiles.WriteAsync(Files.KnownHosts, SshConfig.KnownHosts(route), cancellationToken);
            await OwnFiles.WriteAsync(Files.Config, config, cancellationToken);
            _written = config;
        }
        finally
        {
            _writing.Release();
        }
    }
}
