namespace OsModa.Dashboard.Live;

/// <summary>A page that follows what is held in memory, and redraws only when <see cref="Pull"/> found a difference.</summary>
public abstract class LiveComponent : FollowingComponent
{
    // That a server was merely heard again is told to nobody; its age on the page is refreshed with this.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Follows from now on, instead of what was followed before.</summary>
    /// <param name="interval">Least time between two redraws; the first comes at once.</param>
    /// <param name="subscribe">Gets what to call after a change, on any thread; gives back what ends the subscription.</param>
    protected void Follow(TimeSpan interval, Func<Action, IDisposable> subscribe) => Follow(
        interval,
        Redraw,
        subscribe,
        raise => Time.CreateTimer(static raised => ((Action)raised!)(), raise, Beat, Beat));

    /// <summary>Takes the newest of what is followed; true when the page has to be drawn again.</summary>
    protected abstract bool Pull();

    private void Redraw()
    {
        if (Pull())
        {
            StateHasChanged();
        }
    }
}
