namespace OsModa.Core.Ssh;

/// <summary>
/// An open, authenticated connection that commands run over. It is an <c>ssh</c> process without a command of its own: <c>LocalCommand</c>
/// prints a line when the server has let us in and the socket for commands stands. It ends when killed, when the server stops answering, and with us.
/// </summary>
internal sealed class SshMaster : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private SshMaster(ChildProcess process, string socket) => (_process, Socket) = (process, socket);

    public string Socket { get; }

    /// <summary>Places for commands under way.</summary>
    public SessionPlaces Sessions { get; } = new();

    public bool IsOpen => !_process.Ended.IsCompleted;

    /// <summary>Completes when the connection has ended.</summary>
    public Task Ended => _process.Ended;

    /// <summary>What its ssh said at the end.</summary>
    public string Errors => _process.Errors;

    /// <summary>What the server is, once it was asked over this connection.</summary>
    public ProbeResult? Probe { get; set; }

    /// <exception cref="ConnectionException">Not let in.</exception>
    public static async Task<SshMaster> OpenAsync(SshClient client, SshRoute route, SshFiles files, string socket, CancellationToken cancellationToken)
    {
        var process = await ChildProcess.StartBoundAsync(client.Programs, client.Programs.Ssh,
            ["-F", files.Config, "-M", "-S", socket, "-N", "-T", "-o", "PermitLocalCommand=yes", "-o", "LocalCommand=echo", "--", route.Server.Id.ToString()]);
        try
        {
            if (await new LineReader(process.Output).ReadLineAsync(cancellationToken) is not null)
            {
                return new SshMaster(process, socket);
            }

            await process.Ended.WaitAsync(cancellationToken);
            throw new ConnectionException(SshFaults.Connecting(process.Errors, route));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        OwnFiles.Delete(Socket);
    }
}
