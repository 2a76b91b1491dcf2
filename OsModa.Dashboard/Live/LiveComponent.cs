using Microsoft.AspNetCore.Components;

namespace OsModa.Dashboard.Live;

/// <summary>
/// A page that follows something which changes: it is told that there is something new, asks for it when its turn has come,
/// and redraws only when <see cref="Pull"/> found a difference. While its tab is hidden it rests.
/// </summary>
public abstract class LiveComponent : BesideComponent, IDisposable
{
    // That a server was merely heard again is told to nobody; its age on the page is refreshed with this.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private ThrottledSignal? _signal;
    private IDisposable? _subscription;
    private ITimer? _beat;
    private bool _missed;

    [Inject] private PageVisibility Visibility { get; set; } = new();

    /// <summary>Follows from now on, instead of what was followed before.</summary>
    /// <param name="interval">Least time between two redraws; the first comes at once.</param>
    /// <param name="subscribe">Gets what to call after a change, on any thread; gives back what ends the subscription.</param>
    protected void Follow(TimeSpan interval, Func<Action, IDisposable> subscribe)
    {
        Unfollow();
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        var signal = _signal = Signal(interval, Redraw);
        _subscription = subscribe(signal.Raise);
        _beat = Time.CreateTimer(static raised => ((ThrottledSignal)raised!).Raise(), signal, Beat, Beat);
        Visibility.Changed += Shown;
    }

    /// <summary>Takes the newest of what is followed; true when the page has to be drawn again.</summary>
    protected abstract bool Pull();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Unfollow();
        }
    }

    private void Unfollow()
    {
        Visibility.Changed -= Shown;
        _subscription?.Dispose();
        _beat?.Dispose();
        _signal?.Dispose();
        (_subscription, _beat, _signal) = (null, null, null);
    }

    private void Shown(object? sender, EventArgs args)
    {
        if (!Visibility.Hidden && _missed)
        {
            _missed = false;
            _signal?.Raise();
        }
    }

    private void Redraw()
    {
        if (Visibility.Hidden)
        {
            _missed = true;
        }
        else if (_signal is not null && Pull())
        {
            StateHasChanged();
        }
    }
}
