namespace OsModa.Dashboard.Live;

/// <summary>A signal that rests while the reader's tab is hidden; what was raised meanwhile calls once when the tab is back.</summary>
public sealed class RestingSignal : IDisposable
{
    private readonly PageVisibility _visibility;
    private readonly ThrottledSignal _signal;
    private int _missed;

    /// <param name="visibility">Of the reader's tab.</param>
    /// <param name="signal">What calls; it is disposed with this.</param>
    public RestingSignal(PageVisibility visibility, ThrottledSignal signal)
    {
        (_visibility, _signal) = (visibility, signal);
        visibility.Changed += Turned;
    }

    /// <summary>Costs nothing that the raiser would notice.</summary>
    public void Raise()
    {
        if (_visibility.Hidden)
        {
            // It may come back just now: who has seen the mark does what is left to do.
            Interlocked.Exchange(ref _missed, 1);
            Turned(null, EventArgs.Empty);
        }
        else
        {
            _signal.Raise();
        }
    }

    public void Dispose()
    {
        _visibility.Changed -= Turned;
        _signal.Dispose();
    }

    private void Turned(object? sender, EventArgs args)
    {
        if (!_visibility.Hidden && Interlocked.Exchange(ref _missed, 0) == 1)
        {
            _signal.Raise();
        }
    }
}
