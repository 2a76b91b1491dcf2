using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Looks;

/// <summary>
/// Pictures for the documentation, and for whoever judges how the product looks: in the folder that the environment variable
/// OSMODA_SCREENSHOTS names. Without one nothing is drawn, and only looked at whether it fits.
/// </summary>
public sealed class Pictures
{
    private const string FolderVariable = "OSMODA_SCREENSHOTS";
    private const int SmallestPicture = 8_000;

    // Those that only differ in who looks or what is missing are not worth a picture.
    private static readonly string[] Wide =
    [
        "sign-in", "account", "people", "operations", "add-server", "overview", "overview-failed", "units-failed", "unit", "journal", "settings", "remove", "join", "host-key-changed", "operation", "operations-of-a-server", "nothing-here",
        "fleet", "generations", "compare", "compare-servers", "safeswitch", "configuration", "configuration-agents", "configuration-search", "configuration-option", "configuration-history", "configuration-of-all", "repository",
        "ledger", "ledger-entry", "ledger-of-a-server", "ledger-check",
    ];

    private static readonly string[] Narrow = ["sign-in", "overview-failed", "units-failed", "generations", "compare", "host-key-changed", "safeswitch", "configuration", "ledger", "fleet"];

    private static readonly Look Dark = Look.Desktop with { Dark = true };

    private readonly DirectoryInfo? _folder = Environment.GetEnvironmentVariable(FolderVariable) is { } named ? Directory.CreateDirectory(named) : null;

    /// <summary>Of a place that is open, when it is one worth it.</summary>
    public async Task ShootAsync(Window window, Place place)
    {
        if (Wide.Contains(place.Name))
        {
            await TroubleAsync(window, place);
            await ShootAsync(window, place.Name, Narrow.Contains(place.Name));
        }
    }

    /// <summary>Of what is open: on a desktop in light and dark, and on a phone.</summary>
    public async Task ShootAsync(Window window, string name, bool narrow)
    {
        if (narrow)
        {
            await ShootAsync(window, name + "-phone", Look.Phone);
        }

        await ShootAsync(window, name + "-dark", Dark);
        await ShootAsync(window, name + "-light", Look.Desktop);
    }

    /// <summary>One picture.</summary>
    public async Task ShootAsync(Window window, string name, Look look)
    {
        var page = window.Page;
        await page.SetViewportSizeAsync(look.Width, look.Height);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light });
        Assert.True(await Audit.FitsAsync(page), $"{name} scrolls sideways.");
        await Expect(page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        await Expect(page.GetByText("This page broke")).ToHaveCountAsync(0);
        if (_folder is null)
        {
            return;
        }

        var picture = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(_folder.FullName, name + ".png"), Caret = ScreenshotCaret.Hide });
        Assert.True(picture.Length > SmallestPicture, $"{name} shows next to nothing: {picture.Length} bytes.");
    }

    // What befalls the demo's servers in its first half minute, where it is what the picture shows.
    private static async Task TroubleAsync(Window window, Place place)
    {
        if (place.Name == "fleet")
        {
            await Expect(window.Page.GetByText("scout in a crash loop")).ToBeVisibleAsync();
        }
        else if (place.Name == "host-key-changed")
        {
            await Expect(window.Page.GetByText("Two ways out")).ToBeVisibleAsync();
        }
    }
}
