using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Looks;

/// <summary>
/// Pictures of every page of the demo, for the documentation and for whoever judges how it looks. They go to the folder that the
/// environment variable OSMODA_SCREENSHOTS names, else to a temporary one.
/// </summary>
public sealed class ScreenshotTests(Browser browser) : ProductTests(browser)
{
    private const string FolderVariable = "OSMODA_SCREENSHOTS";
    private const string Password = "five quiet lamps at noon";
    private const int SmallestPicture = 8_000;

    // Those that only differ in who looks or what is missing are not worth a picture.
    private static readonly string[] Wide =
    [
        "account", "people", "operations", "add-server", "overview-failed", "units-failed", "journal", "settings", "remove", "join", "host-key-changed", "operation", "nothing-here", "generations", "compare", "safeswitch", "fleet",
        "configuration", "configuration-agents", "configuration-search", "configuration-option", "configuration-of-all", "repository", "unit", "compare-servers", "operations-of-a-server", "ledger", "ledger-entry", "ledger-of-a-server", "ledger-check",
    ];

    private static readonly string[] Narrow = ["overview-failed", "units-failed", "generations", "compare", "host-key-changed", "safeswitch", "configuration", "ledger", "fleet"];

    private static readonly Look Dark = Look.Desktop with { Dark = true };

    [Fact]
    public async Task Every_page_makes_a_picture()
    {
        var named = Environment.GetEnvironmentVariable(FolderVariable);
        var folder = named is null ? Directory.CreateTempSubdirectory("osmoda-pictures-") : Directory.CreateDirectory(named);
        try
        {
            var product = await StartAsync("--demo", $"--Demo:Password={Password}");
            var window = await OpenAsync(product);
            await Demo.Owner.SignInAsync(window);
            var names = await DemoNames.ReadAsync(window);
            await RollbackAsync(window, folder);
            await ProbationAsync(window, folder, names);
            await DrillAsync(window, folder, names);
            await using (var stranger = await Browser.OpenAsync(product))
            {
                var signIn = Places.All.Single(place => place.Name == "sign-in");
                await stranger.GoAsync(signIn, names);
                await ShootAsync(stranger, folder, signIn.Name, narrow: true);
            }

            foreach (var place in Places.All.Where(place => Wide.Contains(place.Name) || Narrow.Contains(place.Name)).OrderBy(place => Array.IndexOf(Wide, place.Name)))
            {
                await window.GoAsync(place, names);
                await TroubleAsync(window, place);
                await ShootAsync(window, folder, place.Name, narrow: Narrow.Contains(place.Name));
            }

            Assert.Empty(window.Complaints);
        }
        finally
        {
            if (named is null)
            {
                folder.Delete(recursive: true);
            }
        }
    }

    /// <summary>The way through a rollback: asked, under way, done.</summary>
    private static async Task RollbackAsync(Window window, DirectoryInfo folder)
    {
        var page = window.Page;
        await window.GoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "web1", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Generations", Exact = true }).ClickAsync();
        var back = page.Locator(".timeline-head .button-primary");
        var target = (await back.TextContentAsync())!["Roll back to ".Length..].Split(',')[0];
        await back.ClickAsync();
        await Expect(page.Locator("dialog .checks")).ToBeVisibleAsync();
        await page.GetByLabel("Reason").FillAsync("scribe answers in 4 s instead of 0.2 s");
        await page.GetByLabel("Type web1 to confirm").FillAsync("web1");
        await page.GetByLabel("Type web1 to confirm").BlurAsync();
        await page.Locator(".sheet-body").EvaluateAsync("body => body.scrollTo(0, 0)");
        await ShootAsync(window, folder, "rollback-sheet", narrow: true);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Roll back web1 to generation {target}" }).ClickAsync();
        await Expect(page.Locator(".watch")).ToBeVisibleAsync();
        await ShootAsync(window, folder, "rollback-running-light", Look.Desktop);
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Back on {target}");
        await ShootAsync(window, folder, "rollback-done", narrow: true);
    }

    /// <summary>A plan, and what runs on probation until a person decides; who looks stops it, so that all is as it was.</summary>
    private static async Task ProbationAsync(Window window, DirectoryInfo folder, DemoNames names)
    {
        var page = window.Page;
        await window.GoAsync(names.Fill("/servers/{server}/generations?rollback={older}"));
        await Expect(page.Locator("dialog .checks")).ToBeVisibleAsync();
        await page.GetByText("How it is watched").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "On probation" }).ClickAsync();
        await page.GetByLabel("Confirmed by").SelectOptionAsync("a person who presses Keep");
        await page.GetByLabel("Within, in seconds").FillAsync("60");
        await page.GetByRole(AriaRole.Button, new() { Name = "check HTTP" }).ClickAsync();
        await page.GetByLabel("URL").FillAsync("http://127.0.0.1:8080/health");
        await page.GetByLabel("URL").BlurAsync();
        await page.Locator(".plan-fold").EvaluateAsync("fold => { const body = fold.closest('.sheet-body'); body.scrollTop += fold.getBoundingClientRect().top - body.getBoundingClientRect().top; }");
        await ShootAsync(window, folder, "rollback-plan", narrow: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove this check" }).ClickAsync();
        await page.Locator("dialog .button-primary").ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToContainTextAsync("on probation");
        await ShootAsync(window, folder, "probation", narrow: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop, return" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToContainTextAsync("Back on");
    }

    /// <summary>A deployment that crashes, and the server's way back.</summary>
    private static async Task DrillAsync(Window window, DirectoryInfo folder, DemoNames names)
    {
        var page = window.Page;
        await window.GoAsync(names.Fill("/safeswitch?drill={server}"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the drill on build2" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToContainTextAsync("Drill: back on");
        await ShootAsync(window, folder, "went-back", narrow: true);
    }

    /// <summary>What befalls the demo's servers in its first half minute, where it is what the picture shows.</summary>
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

    private static async Task ShootAsync(Window window, DirectoryInfo folder, string name, bool narrow)
    {
        await ShootAsync(window, folder, name + "-light", Look.Desktop);
        await ShootAsync(window, folder, name + "-dark", Dark);
        if (narrow)
        {
            await ShootAsync(window, folder, name + "-phone", Look.Phone);
        }

        await window.Page.SetViewportSizeAsync(Look.Desktop.Width, Look.Desktop.Height);
    }

    private static async Task ShootAsync(Window window, DirectoryInfo folder, string name, Look look)
    {
        var page = window.Page;
        await page.SetViewportSizeAsync(look.Width, look.Height);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light });
        Assert.True(await Audit.FitsAsync(page), $"{name} scrolls sideways.");
        await Expect(page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        await Expect(page.GetByText("This page broke")).ToHaveCountAsync(0);
        var picture = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder.FullName, name + ".png"), Caret = ScreenshotCaret.Hide });
        Assert.True(picture.Length > SmallestPicture, $"{name} shows next to nothing: {picture.Length} bytes.");
    }
}
