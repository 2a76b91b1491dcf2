using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace OsModa.Dashboard.Live;

/// <summary>
/// A component with work of its own beside drawing and answering clicks. What fails there breaks this component, visibly, as a
/// failed click would; never the product, in which others are at work.
/// </summary>
public abstract class BesideComponent : ComponentBase
{
    [Inject] protected TimeProvider Time { get; set; } = TimeProvider.System;

    [Inject] private ILoggerFactory Logs { get; set; } = null!;

    /// <summary>A signal that does <paramref name="work"/> among the component's other doings.</summary>
    protected ThrottledSignal Signal(TimeSpan interval, Action work) =>
        new(Time, interval, () => BesideAsync(() => { work(); return Task.CompletedTask; }), Logs.CreateLogger(GetType()));

    /// <summary>Does <paramref name="work"/> among the component's other doings, from any thread, soon.</summary>
    protected void Beside(Func<Task> work) =>
        ThreadPool.UnsafeQueueUserWorkItem(static at => _ = at.Component.BesideAsync(at.Work), (Component: this, Work: work), preferLocal: false);

    private async Task BesideAsync(Func<Task> work)
    {
        try
        {
            await InvokeAsync(work);
        }
        catch (Exception broken) when (broken is not (ObjectDisposedException or OperationCanceledException))
        {
            await DispatchExceptionAsync(broken);
        }
        catch (Exception left) when (left is ObjectDisposedException or OperationCanceledException)
        {
            // The page was left meanwhile.
        }
    }
}
