using Microsoft.AspNetCore.Components;

namespace OsModa.Dashboard.Live;

/// <summary>
/// A component that follows something which changes: it is told that there is something new, and asks for it when its turn has come. While its tab is hidden it rests. What was left
/// before it had found out what to follow follows nothing.
/// </summary>
public abstract class FollowingComponent : BesideComponent, IDisposable
{
    private readonly List<IDisposable> _followed = [];
    private Task _turn = Task.CompletedTask;
    private bool _isLeft;

    [Inject] private PageVisibility Visibility { get; set; } = new();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Follows from now on, instead of what was followed before.</summary>
    /// <param name="interval">Least time between two calls; the first comes at once.</param>
    /// <param name="again">Called after a change, among the component's other doings.</param>
    /// <param name="subscribe">Each gets what to call after a change, on any thread; gives back what ends the subscription.</param>
    protected void Follow(TimeSpan interval, Action again, params IReadOnlyList<Func<Action, IDisposable>> subscribe)
    {
        Unfollow();
        FollowToo(interval, again, subscribe);
    }

    /// <summary>The same for what has to be read to be drawn again. Subscribed before the first reading, nothing is missed between the two.</summary>
    /// <param name="interval">Least time between two readings that a change asks for.</param>
    /// <param name="read">Asks for all that is shown.</param>
    /// <param name="subscribe">As above.</param>
    protected void FollowReading(TimeSpan interval, Func<Task> read, params IReadOnlyList<Func<Action, IDisposable>> subscribe) => Follow(interval, () => ReadAgain(read), subscribe);

    /// <summary>The same beside what is followed already.</summary>
    protected void FollowReadingToo(TimeSpan interval, Func<Task> read, params IReadOnlyList<Func<Action, IDisposable>> subscribe) => FollowToo(interval, () => ReadAgain(read), subscribe);

    /// <summary>One reading after the other, so that an older answer never comes last.</summary>
    protected Task InTurnAsync(Func<Task> read) => _turn = AfterAsync(_turn, read);

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _isLeft = true;
            Unfollow();
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> read)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);    // whoever asked for that one hears of it
        await read();
    }

    private void ReadAgain(Func<Task> read) => Beside(async () =>
    {
        await InTurnAsync(read);
        StateHasChanged();
    });

    private void FollowToo(TimeSpan interval, Action again, IReadOnlyList<Func<Action, IDisposable>> subscribe)
    {
        if (_isLeft || !RendererInfo.IsInteractive)
        {
            return;
        }

        var signal = new RestingSignal(Visibility, Signal(interval, again));
        _followed.Add(signal);
        _followed.AddRange(subscribe.Select(each => each(signal.Raise)));
    }

    private void Unfollow()
    {
        _followed.ForEach(static followed => followed.Dispose());
        _followed.Clear();
    }
}
