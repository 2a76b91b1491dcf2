using System.Collections.Concurrent;
using System.Globalization;

namespace OsModa.Core.Ssh;

/// <summary>
/// One private <c>ssh-agent</c> per organisation, holding that organisation's key and nothing else: no connection can offer a server the
/// key of another organisation. Private keys are in our database (encrypted) and in the agents' memory, never in a file.
/// </summary>
/// <param name="programs">What to run.</param>
/// <param name="folder">Where sockets go.</param>
/// <param name="keys">Reads the key of an organisation.</param>
internal sealed class SshAgents(SshPrograms programs, SshFolder folder, Func<Guid, CancellationToken, Task<SshKeyPair>> keys) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Place> _places = new();

    /// <summary>Where the organisation's key can be used; starts an agent where none runs, or none any more.</summary>
    /// <exception cref="ConnectionException">No key or no agent.</exception>
    public async Task<AgentKey> ForAsync(Guid organisation, CancellationToken cancellationToken)
    {
        var place = _places.GetOrAdd(organisation, static _ => new Place());
        await place.OneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (place.Agent is { Runs: true } agent)
            {
                return agent.Key;
            }

            if (place.Agent is not null)
            {
                await place.Agent.DisposeAsync();
            }

            using var pair = await keys(organisation, cancellationToken);
            place.Agent = await SshAgent.StartAsync(programs, folder.Add(), pair, cancellationToken);
            return place.Agent.Key;
        }
        finally
        {
            place.OneAtATime.Release();
        }
    }

    /// <summary>It is still there to sign with the key.</summary>
    public bool Runs(AgentKey key) => _places.Values.Any(place => place.Agent is { Runs: true } agent && agent.Key == key);

    public async ValueTask DisposeAsync()
    {
        foreach (var place in _places.Values)
        {
            if (place.Agent is not null)
            {
                await place.Agent.DisposeAsync();
            }
        }
    }

    private sealed class Place
    {
        public SemaphoreSlim OneAtATime { get; } = new(1);

        public SshAgent? Agent { get; set; }
    }
}

/// <summary>A running agent.</summary>
internal sealed class SshAgent : IAsyncDisposable
{
    private readonly ChildProcess _keeper;
    private readonly int _pid;

    private SshAgent(ChildProcess keeper, int pid, AgentKey key) => (_keeper, _pid, Key) = (keeper, pid, key);

    public AgentKey Key { get; }

    /// <summary>It lives, and what ssh finds it by is still there.</summary>
    public bool Runs => !_keeper.Ended.IsCompleted && AgentLives() && File.Exists(Key.Socket) && File.Exists(Key.PublicKeyFile);

    /// <exception cref="ConnectionException">It does not start, or does not take the key.</exception>
    public static async Task<SshAgent> StartAsync(SshPrograms programs, string folder, SshKeyPair pair, CancellationToken cancellationToken)
    {
        var key = new AgentKey($"{folder}/agent", $"{folder}/key.pub");
        await OwnFiles.WriteAsync(key.PublicKeyFile, pair.PublicKey + "\n", cancellationToken);
        // The agent ends within ten seconds of the command it starts, and that reads our end of a pipe: so it cannot outlive us, even
        // when we are killed. (PR_SET_PDEATHSIG would not do: Debian's ssh-agent is set-group-id, which clears that.)
        var keeper = ChildProcess.Start(programs.SshAgent, ["-a", key.Socket, "/bin/sh", "-c", "echo $SSH_AGENT_PID; exec cat"]);
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            var line = await new LineReader(keeper.Output).ReadLineAsync(either.Token);
            if (!int.TryParse(line, CultureInfo.InvariantCulture, out var pid))
            {
                throw Fault("ssh-agent does not start", keeper);
            }

            await using var add = ChildProcess.Start(programs.SshAdd, ["-q", "-"], key.Socket);
            await add.Input.WriteAsync(pair.PrivateKey.Reveal(), either.Token);
            await add.Input.FlushAsync(either.Token);
            add.Input.Close();
            return await add.Ended.WaitAsync(either.Token) == 0 ? new SshAgent(keeper, pid, key) : throw Fault("ssh-add does not take the key", add);
        }
        catch (Exception e)
        {
            await keeper.DisposeAsync();
            throw e switch
            {
                OperationCanceledException when !cancellationToken.IsCancellationRequested => Fault("ssh-agent does not answer", keeper),
                IOException => Fault("ssh-add does not take the key", keeper),
                _ => e,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Its number may belong to another process by now: only what still says that it is our agent is ended.
            using var agent = System.Diagnostics.Process.GetProcessById(_pid);
            if (AgentLives())
            {
                agent.Kill();
                await _keeper.DisposeAsync();
                await agent.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(2));
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception or TimeoutException)
        {
            // It has ended already, or is as good as ended.
        }

        await _keeper.DisposeAsync();
        OwnFiles.Delete(Key.Socket);
    }

    // It is not our child but the keeper's, and stays as a zombie, without a command line, when it dies. Numbers of processes are used again.
    private bool AgentLives()
    {
        try
        {
            return File.ReadAllText($"/proc/{_pid}/cmdline").Contains(Key.Socket, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static ConnectionException Fault(string what, ChildProcess process) =>
        new(new ConnectionFault(ConnectionFaultKind.Ours, $"The dashboard cannot use its key: {what}: {SshFaults.Harmless(process.Errors)}"));
}
