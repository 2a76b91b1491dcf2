using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using OsModa.Core.Ssh;

namespace OsModa.Tests.Operations;

/// <summary>A server's shell that answers as a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedShell : IRemoteShell
{
    private int _open;

    public ConcurrentQueue<(string Script, IReadOnlyList<string> Arguments)> Asked { get; } = new();

    /// <summary>Lines for a script and its arguments; an exception of it is thrown when the script is started.</summary>
    public Func<string, IReadOnlyList<string>, IEnumerable<string>> Answer { get; set; } = (_, _) => [];

    /// <summary>Scripts that go on after their lines, until they are cancelled.</summary>
    public HashSet<string> Endless { get; } = new(StringComparer.Ordinal);

    /// <summary>How many of those are read just now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>What came over connections of their own.</summary>
    public ConcurrentQueue<string> Anew { get; } = new();

    public int Orders => Asked.Count(a => a.Script == "start-switch.sh");

    public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Asked.Enqueue((script.Name, arguments));
        return Task.FromResult<IRemoteRun>(new Run(this, [.. Answer(script.Name, arguments)], Endless.Contains(script.Name)));
    }

    public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Anew.Enqueue(script.Name);
        return StartAsync(script, arguments, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Run(ScriptedShell shell, string[] lines, bool endless) : IRemoteRun
    {
        public Task<int> ExitStatus => Task.FromResult(0);

        public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            foreach (var line in lines)
            {
                yield return Encoding.UTF8.GetBytes(line);
            }

            if (endless)
            {
                Interlocked.Increment(ref shell._open);
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                }
                finally
                {
                    Interlocked.Decrement(ref shell._open);
                }
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
