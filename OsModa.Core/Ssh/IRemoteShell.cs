namespace OsModa.Core.Ssh;

/// <summary>
/// Runs our scripts on one server. Two implementations: the OpenSSH client, and the simulated servers of OsModa.Demo,
/// which speak the same line protocols. Nothing above this seam knows which one it has.
/// </summary>
public interface IRemoteShell : IAsyncDisposable
{
    /// <summary>Starts a script over the shared connection, opening that first when there is none.</summary>
    /// <param name="script">One of our own scripts.</param>
    /// <param name="arguments">Its arguments; any text is safe, each arrives as it is.</param>
    /// <param name="cancellationToken">Gives up connecting; a script that has started is ended by disposing the run.</param>
    /// <exception cref="ConnectionException">No connection; says why in words for people.</exception>
    Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken);

    /// <summary>The same over a connection of its own, made anew: the proof that the server lets us in now.</summary>
    /// <exception cref="ConnectionException">No connection.</exception>
    Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}

/// <summary>A script under way on a server. Disposing it closes its channel; what the script detached goes on.</summary>
public interface IRemoteRun : IAsyncDisposable
{
    /// <summary>
    /// Lines of standard output as they come, without the line feed; hostile bytes. A longer line than <see cref="RemoteLimits.LineBytes"/>
    /// arrives cut to that length. Ends when the script ends; throws <see cref="ConnectionException"/> when the connection is lost first.
    /// </summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync(CancellationToken cancellationToken);

    /// <summary>Exit status of the script, 0 to 255, once it has ended and its output is read.</summary>
    Task<int> ExitStatus { get; }
}

/// <summary>Limits on what a server may send, in bytes.</summary>
public static class RemoteLimits
{
    public const int LineBytes = 64 * 1024;
}
