using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OsModa.E2E.Running;

/// <summary>A window of the browser, with all that went wrong in it.</summary>
public sealed class Window : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    public Window(IBrowserContext context, IPage page)
    {
        Context = context;
        Page = page;
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            // A page that says "not found" is answered as such, and the browser notes that; what the page itself asks for must be there.
            if (message.Type == "error" && !(message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && message.Location.StartsWith(page.Url, StringComparison.Ordinal)))
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
        var response = await Page.GotoAsync(path);
        await InteractiveAsync();
        return response;
    }

    public async Task InteractiveAsync()
    {
        try
        {
            await Page.Locator("[data-interactive]").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{Page.Url} never became interactive. It complains: {string.Join('\n', _complaints)}", late);
        }
    }

    /// <summary>Its cookies, for another window of the same person.</summary>
    public Task<string> SessionAsync() => Context.StorageStateAsync();

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
