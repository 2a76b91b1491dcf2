namespace OsModa.Dashboard.Live;

/// <summary>
/// Whether somebody is just about to click something in a live list: the pointer is in it and has moved lately, or the focus is in
/// it. A pointer that only rests there, such as on a wall display, holds nothing.
/// </summary>
public sealed class ListHold : IDisposable
{
    private static readonly TimeSpan Rests = TimeSpan.FromSeconds(10);

    // From one link to the next the focus leaves the list for a moment.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    // A timer may be a little early by the clock that is asked afterwards.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly ITimer _rested, _left;
    private long? _movedAt, _leftAt;
    private bool _focused;

    /// <param name="time">The clock.</param>
    /// <param name="lapsed">Called on any thread when the hold may be over without another event: <see cref="Held"/> tells.</param>
    public ListHold(TimeProvider time, Action lapsed)
    {
        _time = time;
        _rested = time.CreateTimer(_ => lapsed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _left = time.CreateTimer(_ => lapsed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nothing may move now.</summary>
    public bool Held => _focused || IsWithin(_movedAt, Rests) || IsWithin(_leftAt, Between);

    /// <summary>The pointer came, or has moved within.</summary>
    public void PointerIn()
    {
        _movedAt = _time.GetTimestamp();
        _rested.Change(Rests + Slack, Timeout.InfiniteTimeSpan);
    }

    public void PointerOut() => _movedAt = null;

    public void FocusIn() => (_focused, _leftAt) = (true, null);

    public void FocusOut()
    {
        (_focused, _leftAt) = (false, _time.GetTimestamp());
        _left.Change(Between + Slack, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _rested.Dispose();
        _left.Dispose();
    }

    private bool IsWithin(long? since, TimeSpan limit) => since is { } at && _time.GetElapsedTime(at) < limit;
}
