using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OsModa.E2E.Running;

/// <summary>A window of the browser, with all that went wrong in it.</summary>
public sealed class Window : IAsyncDisposable
{
    // An address of this machine came or went, as with the lab's first and last server: Chromium drops what it was loading.
    private const string Dropped = "ERR_NETWORK_CHANGED";

    private readonly ConcurrentQueue<string> _complaints = new();
    private TaskCompletionSource _dropped = new();

    public Window(IBrowserContext context, IPage page)
    {
        Context = context;
        Page = page;
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains(Dropped, StringComparison.Ordinal))
            {
                _dropped.TrySetResult();
            }
            // A page that says "not found" is answered as such, and the browser notes that; what the page itself asks for must be there.
            else if (message.Type == "error" && !(message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && message.Location.StartsWith(page.Url + ":", StringComparison.Ordinal)))
            {
                _complaints.Enqueue($"{message.Text} ({message.Location})");
            }
        };
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>Script errors and errors of the console.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Goes there and waits until the circuit has taken over: a click on prerendered markup would be lost.</summary>
    public async Task<IResponse?> GoAsync(string path)
    {
        _dropped = new TaskCompletionSource();
        var response = await LoadAsync(path);
        await InteractiveAsync();
        return response;
    }

    public async Task InteractiveAsync()
    {
        try
        {
            while (await Task.WhenAny(AttachedAsync(), _dropped.Task) == _dropped.Task)
            {
                _dropped = new TaskCompletionSource();
                await Page.ReloadAsync();
            }

            await AttachedAsync();
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{Page.Url} never became interactive. It complains: {string.Join('\n', _complaints)}", late);
        }
    }

    /// <summary>Goes there, also where there is no circuit to wait for.</summary>
    public async Task<IResponse?> LoadAsync(string path)
    {
        while (true)
        {
            try
            {
                return await Page.GotoAsync(path);
            }
            catch (PlaywrightException broken) when (broken.Message.Contains(Dropped, StringComparison.Ordinal))
            {
                // Once more: the product is not to blame.
            }
        }
    }

    /// <summary>Where it is, what it shows and what went wrong in it, for a person who looks for why a test failed.</summary>
    public async Task<string> ShownAsync()
    {
        try
        {
            return $"{Page.Url} {string.Join('\n', _complaints)}\n{await Page.Locator("body").AriaSnapshotAsync(new LocatorAriaSnapshotOptions { Timeout = 5_000 })}";
        }
        catch (Exception silent) when (silent is PlaywrightException or TimeoutException)
        {
            return $"{Page.Url} {string.Join('\n', _complaints)}\n{silent.Message}";
        }
    }

    /// <summary>Its cookies, for another window of the same person.</summary>
    public Task<string> SessionAsync() => Context.StorageStateAsync();

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();

    private Task AttachedAsync() => Page.Locator("[data-interactive]").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
}
