using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OsModa.Core.Ssh;

namespace OsModa.Tests.Observation;

/// <summary>A shell whose runs say what a test feeds them.</summary>
internal sealed class FedShell : IRemoteShell
{
    private readonly Channel<FedRun> _started = Channel.CreateUnbounded<FedRun>();

    /// <summary>Thrown by the next starts, while it is set.</summary>
    public ConnectionFault? Fault { get; set; }

    /// <summary>Starts hang for as long as it is set.</summary>
    public Task? Hang { get; set; }

    public int Starts { get; private set; }

    public async Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Starts++;
        if (Hang is { } hang)
        {
            await hang.WaitAsync(cancellationToken);
        }

        if (Fault is { } fault)
        {
            throw new ConnectionException(fault);
        }

        var run = new FedRun();
        _started.Writer.TryWrite(run);
        return run;
    }

    public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => StartAsync(script, arguments, cancellationToken);

    /// <summary>The next run that is started.</summary>
    public async Task<FedRun> NextAsync() => await _started.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class FedRun : IRemoteRun
{
    private readonly Channel<byte[]> _lines = Channel.CreateUnbounded<byte[]>();

    public Task<int> ExitStatus => Task.FromResult(0);

    public bool Disposed { get; private set; }

    public void Say(params byte[][] lines)
    {
        foreach (var line in lines)
        {
            _lines.Writer.TryWrite(line);
        }
    }

    /// <summary>A server with one unit, told wholly.</summary>
    public FrameLines Greet(string activity = "active", bool mayAct = true)
    {
        var line = new FrameLines();
        Say(line.Hello(mayAct), line["begin", "snapshot", "1"], line["begin", "units", "1"], line["unit", "a.service", $"ActiveState={activity}"], line["end", "units", "1"], line["end", "snapshot", "3"]);
        return line;
    }

    public void End(Exception? failure = null) => _lines.Writer.TryComplete(failure);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            yield return line;
        }
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
