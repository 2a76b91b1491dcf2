using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OsModa.E2E.Running;

/// <summary>The demo, started when the first test asks for it, shared by all: who changes something there takes a server nobody else takes.</summary>
public sealed class Demo : IAsyncDisposable
{
    private const string Password = "five quiet lamps at noon";
    private readonly Lazy<Task<Product>> _product = new(() => Product.StartAsync("--demo", $"--Demo:Password={Password}"));
    private readonly ConcurrentDictionary<Somebody, Lazy<Task<string>>> _sessions = new();
    private readonly ConcurrentDictionary<string, ConcurrentBag<Window>> _idle = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Task<DemoNames>? _names;

    public static Somebody Owner { get; } = new("Mara Lindqvist", "owner@harbour.example", Password);

    public static Somebody Operator { get; } = new("Jonas Okafor", "operator@harbour.example", Password);

    public static Somebody Viewer { get; } = new("Ines Duarte", "viewer@harbour.example", Password);

    /// <summary>Of another organisation.</summary>
    public static Somebody Stranger { get; } = new("Theo Brandt", "owner@kelp.example", Password);

    public Task<Product> ProductAsync() => _product.Value;

    /// <summary>Addresses of what the demo has; read once.</summary>
    public Task<DemoNames> NamesAsync(Browser browser)
    {
        lock (_lock)
        {
            return _names ??= ReadAsync();
        }

        async Task<DemoNames> ReadAsync()
        {
            await using var window = await OpenAsync(browser, Owner);
            await using var stranger = await OpenAsync(browser, Stranger);
            return await (await DemoNames.ReadAsync(window)).AndOfAsync(stranger);
        }
    }

    /// <summary>A window in which somebody is signed in, not yet on any page; null: nobody.</summary>
    public async Task<Window> OpenAsync(Browser browser, Somebody? somebody, Look? look = null)
    {
        var product = await ProductAsync();
        var session = somebody is null ? null : await _sessions.GetOrAdd(somebody, who => new Lazy<Task<string>>(async () =>
        {
            await using var window = await browser.OpenAsync(product);
            await who.SignInAsync(window);
            return await window.SessionAsync();
        })).Value;
        return await browser.OpenAsync(product, look, session);
    }

    /// <summary>A window that somebody had before, or a new one: on a desktop in light colours, on no page in particular.</summary>
    public async Task<Window> BorrowAsync(Browser browser, Somebody? somebody)
    {
        if (!_idle.TryGetValue(somebody?.Name ?? "", out var windows) || !windows.TryTake(out var window))
        {
            return await OpenAsync(browser, somebody);
        }

        await window.Page.SetViewportSizeAsync(Look.Desktop.Width, Look.Desktop.Height);
        await window.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        return window;
    }

    /// <summary>For the next one; only of who changed nothing that outlives the page.</summary>
    public async Task ReturnAsync(Somebody? somebody, Window window)
    {
        await window.Page.GotoAsync("about:blank");     // a page of the demo would be drawn anew every few moments for nobody
        _idle.GetOrAdd(somebody?.Name ?? "", _ => []).Add(window);
    }

    public async ValueTask DisposeAsync()
    {
        if (_product.IsValueCreated)
        {
            await (await _product.Value).DisposeAsync();
        }
    }
}
