using System.Runtime.CompilerServices;

namespace OsModa.Core.Ssh;

/// <summary>A script under way in an <c>ssh</c> process of its own.</summary>
internal sealed class OpenSshRun : IRemoteRun
{
    private const int ChatterAllowed = RemoteLimits.LineBytes;
    private static readonly byte[] Marker = System.Text.Encoding.ASCII.GetBytes(RemoteCommand.Marker);

    private readonly ChildProcess _process;
    private readonly LineReader _lines;
    private readonly Func<int, string, ValueTask<ConnectionFault?>> _judge;
    private readonly Action<OpenSshRun> _over;
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    private OpenSshRun(ChildProcess process, LineReader lines, Func<int, string, ValueTask<ConnectionFault?>> judge, Action<OpenSshRun> over) =>
        (_process, _lines, _judge, _over) = (process, lines, judge, over);

    public Task<int> ExitStatus => _exit.Task;

    /// <summary>Sends the script and waits for its first sign of life. Owns the process from here on.</summary>
    /// <param name="process">An ssh that runs the command's line.</param>
    /// <param name="command">What to run.</param>
    /// <param name="notBegun">The fault when it ended, with this status and these complaints, before the script began.</param>
    /// <param name="judge">The fault when it ended, with this status and these complaints, later; null when the status is the script's own.</param>
    /// <param name="over">Called once when the run is disposed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<OpenSshRun> BeginAsync(
        ChildProcess process,
        RemoteCommand command,
        Func<int, string, ConnectionFault> notBegun,
        Func<int, string, ValueTask<ConnectionFault?>> judge,
        Action<OpenSshRun> over,
        CancellationToken cancellationToken)
    {
        try
        {
            var sending = SendAsync(process, command);
            var lines = new LineReader(process.Output);
            var chatter = 0;
            var said = "";
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.AsSpan().SequenceEqual(Marker))
                {
                    await sending.WaitAsync(cancellationToken);
                    return new OpenSshRun(process, lines, judge, over);
                }

                // What keeps a login from running commands is told on either stream.
                said = said.Length == 0 ? System.Text.Encoding.UTF8.GetString(line.AsSpan(0, Math.Min(line.Length, 1000))) : said;
                chatter += line.Length + 1;
                if (chatter > ChatterAllowed)
                {
                    throw new ConnectionException(notBegun(-1, ""));
                }
            }

            var status = await process.Ended.WaitAsync(cancellationToken);
            throw new ConnectionException(notBegun(status, $"{process.Errors}{said}"));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } line)
        {
            yield return line;
        }

        await FinishAsync(cancellationToken);
        if (!_lines.Rest.IsEmpty)
        {
            yield return _lines.Rest;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _exit.TrySetCanceled();
        await _process.DisposeAsync();
        _over(this);
    }

    private static async Task SendAsync(ChildProcess process, RemoteCommand command)
    {
        try
        {
            await process.Input.WriteAsync(command.Input);
            await process.Input.FlushAsync();
            // Standard input stays open: its end would end the script.
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process has ended, which the reader of its output notices.
        }
    }

    private async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lines.ReadLineAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw LetGo(e);
        }
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        var status = await _process.Ended.WaitAsync(cancellationToken);
        if (Volatile.Read(ref _disposed) == 1)
        {
            throw LetGo(null);
        }

        var fault = _process.Flooded
            ? new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server sent more than a megabyte of error messages; the command was ended.")
            : await _judge(status, _process.Errors);
        if (fault is null)
        {
            _exit.TrySetResult(status);
            return;
        }

        var lost = new ConnectionException(fault);
        if (_exit.TrySetException(lost))
        {
            _ = _exit.Task.Exception;      // the reader gets it; nobody need ask the task
        }

        throw lost;
    }

    private static ConnectionException LetGo(Exception? inner) =>
        new(new ConnectionFault(ConnectionFaultKind.Lost, "The dashboard closed this command."), inner);
}
