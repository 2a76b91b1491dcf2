namespace OsModa.Core.Observation;

/// <summary>Cancels when nothing was heard for too long. Hearing costs a store of a number; the timer looks only when it is due.</summary>
internal sealed class SilenceWatch : IDisposable
{
    // Reading all properties of hundreds of units may take a busy server some seconds.
    private static readonly TimeSpan AtFirst = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _silent = new();
    private readonly CancellationTokenSource _either;
    private readonly ITimer _timer;
    private long _heardAt;
    private int _overdue;

    public SilenceWatch(TimeProvider time, CancellationToken stop)
    {
        _time = time;
        _either = CancellationTokenSource.CreateLinkedTokenSource(stop, _silent.Token);
        _heardAt = time.GetTimestamp();
        _timer = time.CreateTimer(static watch => ((SilenceWatch)watch!).Look(), this, Patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long a silence is borne.</summary>
    public TimeSpan Patience { get; private set; } = AtFirst;

    /// <summary>Cancelled by silence, or with the token that was given.</summary>
    public CancellationToken Token => _either.Token;

    public bool IsSilent => _silent.IsCancellationRequested;

    public void Heard() => Volatile.Write(ref _heardAt, _time.GetTimestamp());

    /// <summary>The first words were heard: from now on silence is short.</summary>
    public void Tighten(TimeSpan patience)
    {
        Patience = patience;
        _timer.Change(patience, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _either.Dispose();
        _silent.Dispose();
    }

    private void Look()
    {
        var left = Patience - _time.GetElapsedTime(Volatile.Read(ref _heardAt));
        if (left > TimeSpan.Zero)
        {
            Volatile.Write(ref _overdue, 0);
            Change(left);
        }
        else if (Interlocked.Exchange(ref _overdue, 1) == 0)
        {
            // Perhaps it was we who could not listen: what has arrived meanwhile gets a moment to be read.
            Change(TimeSpan.FromMilliseconds(50));
        }
        else
        {
            Cancel();
        }
    }

    private void Change(TimeSpan due)
    {
        try
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The watch ended while it looked.
        }
    }

    private void Cancel()
    {
        try
        {
            _silent.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The same.
        }
    }
}
