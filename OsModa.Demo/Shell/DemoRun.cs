using System.Runtime.CompilerServices;
using System.Text;
using OsModa.Core.Ssh;
using OsModa.Demo.Wire;

namespace OsModa.Demo.Shell;

/// <summary>A script under way on a simulated server. Whoever answers adds lines to <see cref="Lines"/> and ends with <see cref="Exit"/>.</summary>
/// <param name="mostBytes">Of lines that wait to be read; what comes beyond is lost.</param>
internal sealed class DemoRun(int mostBytes = LineQueue.MostBytes) : IRemoteRun
{
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _source;

    public LineQueue Lines { get; } = new(mostBytes);

    public Task<int> ExitStatus => _exit.Task;

    /// <summary>A run that has its whole answer at once.</summary>
    public static DemoRun Of(IEnumerable<string> lines, int status = 0)
    {
        // Nobody can read before it is whole, however much that is.
        var run = new DemoRun(Array.MaxLength);
        foreach (var line in lines)
        {
            run.Lines.Add(Encoding.UTF8.GetBytes(line));
        }

        run.Exit(status);
        return run;
    }

    /// <summary>What goes on adding lines until the run is disposed.</summary>
    public DemoRun From(IDisposable source)
    {
        _source = source;
        return this;
    }

    public void Exit(int status)
    {
        _exit.TrySetResult(status);
        Lines.End();
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var cancelled = cancellationToken.Register(static lines => ((LineQueue)lines!).Nudge(), Lines);
        while (true)
        {
            await Lines.ReadyAsync(cancellationToken);
            if (Lines.Take(out var taken, out var ended, out var failure))
            {
                while (!taken.IsEmpty)
                {
                    var end = taken.Span.IndexOf((byte)'\n');
                    yield return taken[..end];
                    taken = taken[(end + 1)..];
                }
            }
            else if (ended)
            {
                if (failure is null)
                {
                    yield break;
                }

                _exit.TrySetException(failure);
                _ = _exit.Task.Exception;
                throw failure;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _source?.Dispose();
        Lines.End();
        _exit.TrySetCanceled();
        return ValueTask.CompletedTask;
    }
}
