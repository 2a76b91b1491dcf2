using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Trouble;

public sealed class KillTests(Browser browser) : ProductTests(browser)
{
    private const int Target = 2;

    [Fact]
    public async Task A_dashboard_killed_in_the_middle_of_a_rollback_picks_it_up_when_it_is_started_again()
    {
        var starting = ServerAsync();
        var product = await StartAsync();
        var server = await starting;
        var window = await OpenAsync(product);
        var page = window.Page;
        await Somebody.Ann.SetUpAsync(window, await product.SetupLinkAsync());
        var address = await Somebody.Ann.AddServerAsync(window, server, "web1");
        var held = new HeldSwitch(server);
        await held.PrepareAsync();
        await window.GoAsync($"{address}/generations");
        await Somebody.RollBackAsync(window, "web1", Target, "the proxy is slow");
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Going back to {Target}");
        await held.ReachedAsync();

        await product.KillAsync();
        await held.LetGoAsync(Target); // nobody is there to see it
        await product.StartAgainAsync();

        // The page that was open finds its way back by itself, to the end of the story.
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Back on {Target}");
        await Expect(page.Locator(".outcome")).ToContainTextAsync("verified");
        await window.GoAsync("/operations");
        var line = page.Locator(".operations li");
        await Expect(line).ToHaveCountAsync(1);
        await Expect(line).ToContainTextAsync("verified");
        await Expect(line).ToContainTextAsync("the proxy is slow");
        Assert.Equal(1, await server.SwitchesAsync());
        Assert.Equal("1", (await server.ShellAsync("ls /var/lib/osmoda/operations | wc -l")).Trim());
        Assert.Equal((Target, Target), (await server.GenerationAsync("/run/current-system"), await server.GenerationAsync("/nix/var/nix/profiles/system")));
    }

    [Fact]
    public async Task A_dashboard_killed_while_a_draft_is_checked_has_the_draft_and_follows_the_checks_when_it_is_started_again()
    {
        var starting = ServerAsync("--tiny");
        var product = await StartAsync();
        var server = await starting;
        var window = await OpenAsync(product);
        var page = window.Page;
        await Somebody.Ann.SetUpAsync(window, await product.SetupLinkAsync());
        var address = await Somebody.Ann.AddServerAsync(window, server, "web1");
        await window.GoAsync($"{address}/configuration");
        await page.GetByRole(AriaRole.Button, new() { Name = "Read it in" }).ClickAsync(new() { Timeout = 90_000 });
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", new() { Timeout = 90_000 });
        await window.GoAsync($"{address}/configuration?topic=web");
        await page.GetByLabel("Port", new() { Exact = true }).FillAsync("8081");
        await Expect(page.GetByText("your draft is kept")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Check", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "details" })).ToBeVisibleAsync();
        var run = await page.GetByRole(AriaRole.Link, new() { Name = "details" }).GetAttributeAsync("href");

        await product.KillAsync();
        await product.StartAgainAsync();

        await window.GoAsync($"{address}/configuration?topic=web");
        await Expect(page.GetByLabel("Port", new() { Exact = true })).ToHaveValueAsync("8081");
        await Expect(page.GetByText("your draft is kept")).ToBeVisibleAsync();
        await window.GoAsync(run!);
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", new() { Timeout = 90_000 });
    }
}
