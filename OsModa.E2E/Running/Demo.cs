using System.Collections.Concurrent;

namespace OsModa.E2E.Running;

/// <summary>The demo, started when the first test asks for it, shared by all: who changes something there takes a server nobody else takes.</summary>
public sealed class Demo : IAsyncDisposable
{
    private const string Password = "five quiet lamps at noon";
    private readonly Lazy<Task<Product>> _product = new(() => Product.StartAsync("--demo", $"--Demo:Password={Password}"));
    private readonly ConcurrentDictionary<Somebody, Lazy<Task<string>>> _sessions = new();
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
            return await DemoNames.ReadAsync(window);
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

    public async ValueTask DisposeAsync()
    {
        if (_product.IsValueCreated)
        {
            await (await _product.Value).DisposeAsync();
        }
    }
}
