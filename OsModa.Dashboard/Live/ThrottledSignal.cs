using Microsoft.Extensions.Logging;

namespace OsModa.Dashboard.Live;

/// <summary>
/// Calls back soon after <see cref="Raise"/>: at once when the last call is an interval or longer ago, else when the interval
/// is over, however often it was raised meanwhile. Never on the raiser's thread, never two calls at a time.
/// </summary>
public sealed class ThrottledSignal : IThreadPoolWorkItem, IDisposable
{
    private const int Idle = 0, Scheduled = 1, Running = 2, RunningAndRaised = 3, Over = 4;

    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly Func<Task> _callback;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private int _state;
    private long _lastCall;
    private bool _calledBefore;

    /// <param name="time">The clock.</param>
    /// <param name="interval">Least time between the beginnings of two calls.</param>
    /// <param name="callback">When it fails, the next raise calls it again.</param>
    /// <param name="log">Told of failures: there is nobody to whom they could be thrown.</param>
    public ThrottledSignal(TimeProvider time, TimeSpan interval, Func<Task> callback, ILogger log)
    {
        _time = time;
        _interval = interval;
        _callback = callback;
        _log = log;
        _timer = time.CreateTimer(static signal => ((ThrottledSignal)signal!).Queue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Costs nothing that the raiser would notice.</summary>
    public void Raise()
    {
        if (Interlocked.CompareExchange(ref _state, Scheduled, Idle) == Idle)
        {
            Schedule();
        }
        else
        {
            Interlocked.CompareExchange(ref _state, RunningAndRaised, Running);
        }
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref _state, Over);
        _timer.Dispose();
    }

    async void IThreadPoolWorkItem.Execute()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Scheduled) != Scheduled)
        {
            return;
        }

        _lastCall = _time.GetTimestamp();
        _calledBefore = true;
        try
        {
            await _callback();
        }
        catch (Exception failed)
        {
            _log.LogError(failed, "What follows a change failed; it is tried again with the next");
        }

        if (Interlocked.CompareExchange(ref _state, Idle, Running) == RunningAndRaised
            && Interlocked.CompareExchange(ref _state, Scheduled, RunningAndRaised) == RunningAndRaised)
        {
            Schedule();
        }
    }

    private void Schedule()
    {
        var wait = _calledBefore ? _interval - _time.GetElapsedTime(_lastCall) : TimeSpan.Zero;
        if (wait <= TimeSpan.Zero)
        {
            Queue();
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Queue() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
