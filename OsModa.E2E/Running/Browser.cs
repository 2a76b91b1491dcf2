using Microsoft.Playwright;

namespace OsModa.E2E.Running;

/// <summary>One Chromium; everybody gets windows of their own in it.</summary>
public sealed class Browser : IAsyncDisposable
{
    // Milliseconds for what comes by itself; reached only when something is broken.
    private const float Ceiling = 60_000;

    // The same engine; the first has no windows that nobody sees.
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _chromium;

    /// <summary>A window with no cookies of any other.</summary>
    /// <param name="product">What it shows.</param>
    /// <param name="look">Desktop in light colours unless said otherwise.</param>
    /// <param name="session">Cookies of <see cref="Window.SessionAsync"/>; null: nobody is signed in.</param>
    public async Task<Window> OpenAsync(Product product, Look? look = null, string? session = null)
    {
        look ??= Look.Desktop;
        var context = await (await ChromiumAsync()).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = product.Address.ToString(),
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            StorageState = session,
            ReducedMotion = look.Still ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
        });
        context.SetDefaultTimeout(Ceiling);
        return new Window(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> ChromiumAsync()
    {
        await _starting.WaitAsync();
        try
        {
            Assertions.SetDefaultExpectTimeout(Ceiling);
            _playwright ??= await Playwright.CreateAsync();
            return _chromium ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? Array.Find(Programs, File.Exists) ?? throw new InvalidOperationException("There is no Chromium here. Install chromium-headless-shell, or name one in CHROMIUM."),
                Args = ["--no-sandbox"], // Chromium's own sandbox refuses to run as root, as CI does
            });
        }
        finally
        {
            _starting.Release();
        }
    }
}

/// <summary>How a window looks at the product.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Dark">The person prefers dark.</param>
/// <param name="Still">The person prefers no motion.</param>
public sealed record Look(int Width, int Height, bool Dark = false, bool Still = true)
{
    public static Look Desktop { get; } = new(1440, 900);

    public static Look Phone { get; } = new(390, 844);
}
