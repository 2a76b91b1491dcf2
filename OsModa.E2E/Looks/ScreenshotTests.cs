using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Looks;

/// <summary>Pictures of what is not there before somebody acts, in the demo; those of pages as they are come from <see cref="EveryPageTests"/>, those that need a server of the lab from the tests of what is done there.</summary>
public sealed class ScreenshotTests(Browser browser, Pictures pictures) : ProductTests(browser)
{
    private const string Password = "five quiet lamps at noon";

    [Fact]
    public async Task A_rollback_a_probation_and_a_drill_make_pictures_of_each_state()
    {
        var product = await StartAsync("--demo", $"--Demo:Password={Password}");
        var window = await OpenAsync(product);
        await Demo.Owner.SignInAsync(window);
        var names = await DemoNames.ReadAsync(window);

        await RollbackAsync(window);
        await ProbationAsync(window, names);
        await DrillAsync(window, names);

        Assert.Empty(window.Complaints);
    }

    /// <summary>The way through a rollback: asked, under way, done.</summary>
    private async Task RollbackAsync(Window window)
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
        await pictures.ShootAsync(window, "rollback-sheet", narrow: true);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Roll back web1 to generation {target}" }).ClickAsync();
        await Expect(page.Locator(".watch")).ToBeVisibleAsync();
        await pictures.ShootAsync(window, "rollback-running-light", Look.Desktop);
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Back on {target}");
        await pictures.ShootAsync(window, "rollback-done", narrow: true);
    }

    /// <summary>A plan, and what runs on probation until a person decides; who looks stops it, so that all is as it was.</summary>
    private async Task ProbationAsync(Window window, DemoNames names)
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
        await pictures.ShootAsync(window, "rollback-plan", narrow: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove this check" }).ClickAsync();
        await page.Locator("dialog .button-primary").ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToContainTextAsync("on probation");
        await pictures.ShootAsync(window, "probation", narrow: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop, return" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToContainTextAsync("Back on");
    }

    /// <summary>A deployment that crashes, and the server's way back.</summary>
    private async Task DrillAsync(Window window, DemoNames names)
    {
        var page = window.Page;
        await window.GoAsync(names.Fill("/safeswitch?drill={server}"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the drill on build2" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToContainTextAsync("Drill: back on");
        await pictures.ShootAsync(window, "went-back", narrow: true);
    }
}
