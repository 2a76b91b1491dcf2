using System.Threading.Tasks.Sources;

namespace OsModa.Demo.Wire;

/// <summary>
/// Lines on their way to one reader, in one buffer: writers add to its end, the reader takes it as it is and keeps it, so that
/// a batch costs one small allocation and lines stay valid. It holds no buffer while nothing is on its way.
/// </summary>
/// <param name="mostBytes">A reader this far behind loses what comes next.</param>
internal sealed class LineQueue(int mostBytes = LineQueue.MostBytes) : IValueTaskSource
{
    /// <summary>Of a stream, whose reader sees by the counts in the frames that something was lost.</summary>
    public const int MostBytes = 1 << 20;

    private const int FirstBytes = 64;

    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _signal = new() { RunContinuationsAsynchronously = true };
    private byte[] _buffer = [];
    private int _length;
    private bool _waiting;
    private bool _ended;
    private Exception? _failure;

    /// <summary>Adds a line without its line feed. False: it was lost, because the reader does not keep up or the queue has ended.</summary>
    public bool Add(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            var needed = _length + line.Length + 1;
            if (_ended || needed > mostBytes)
            {
                return false;
            }

            if (needed > _buffer.Length)
            {
                Grow(needed);
            }

            line.CopyTo(_buffer.AsSpan(_length));
            _buffer[needed - 1] = (byte)'\n';
            _length = needed;
            Wake();
            return true;
        }
    }

    /// <summary>No more lines; the reader gets what is on its way, then the end, or <paramref name="failure"/>.</summary>
    public void End(Exception? failure = null)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            _failure = failure;
            Wake();
        }
    }

    /// <summary>Waits until there is something to take. One reader at a time.</summary>
    public ValueTask ReadyAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_length > 0 || _ended)
            {
                return ValueTask.CompletedTask;
            }

            _signal.Reset();
            _waiting = true;
            return new ValueTask(this, _signal.Version);
        }
    }

    /// <summary>Ends a wait, for a reader that gives up.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            Wake();
        }
    }

    /// <summary>Takes all lines, each with its line feed.</summary>
    /// <returns>False: nothing is on its way; see <paramref name="ended"/>.</returns>
    public bool Take(out ReadOnlyMemory<byte> lines, out bool ended, out Exception? failure)
    {
        lock (_gate)
        {
            (lines, ended, failure) = (_buffer.AsMemory(0, _length), _ended, _failure);
            (_buffer, _length) = ([], 0);
            return !lines.IsEmpty;
        }
    }

    void IValueTaskSource.GetResult(short token) => _signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);

    private void Wake()
    {
        if (_waiting)
        {
            _waiting = false;
            _signal.SetResult(true);
        }
    }

    private void Grow(int needed)
    {
        // A beat or one change of a unit fits into the first size; a snapshot grows to some tens of kilobytes.
        var larger = GC.AllocateUninitializedArray<byte>(_length == 0 ? Math.Max(FirstBytes, needed) : Math.Max(needed, _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        _buffer = larger;
    }
}
