using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E;

/// <summary>The whole way of somebody who has just started the dashboard.</summary>
public sealed class FirstRunTests(Browser browser, Pictures pictures) : ProductTests(browser)
{
    [Fact]
    public async Task From_the_setup_link_to_a_server_rolled_back_and_forward_again()
    {
        var starting = ServerAsync();
        var product = await StartAsync();
        var server = await starting;
        var window = await OpenAsync(product);
        var page = window.Page;

        await Somebody.Ann.SetUpAsync(window, await product.SetupLinkAsync());
        await Expect(page.GetByText("No server yet")).ToBeVisibleAsync();

        var address = await Somebody.Ann.AddServerAsync(window, server, "web1");
        await window.GoAsync("/");
        await Expect(page.Locator("tr", new() { HasText = "web1" })).ToContainTextAsync("healthy");

        await window.GoAsync($"{address}/units?type=service");
        var nginx = page.Locator("tr[data-unit='nginx.service'] .unit-state");
        await Expect(nginx).ToHaveTextAsync("running");
        await server.ShellAsync("systemctl stop nginx");
        await Expect(nginx).ToHaveTextAsync("not running");
        await server.ShellAsync("systemctl start nginx");
        await Expect(nginx).ToHaveTextAsync("running");

        await window.GoAsync($"{address}/generations");
        await Somebody.RollBackAsync(window, "web1", 5, "the new proxy is slow");
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("Back on 5");
        await Expect(page.Locator(".outcome")).ToContainTextAsync("verified");
        Assert.EndsWith("system-5-link", (await server.ShellAsync("readlink /nix/var/nix/profiles/system")).Trim(), StringComparison.Ordinal);
        Assert.Equal(await server.ShellAsync("readlink -f /nix/var/nix/profiles/system"), await server.ShellAsync("readlink -f /run/current-system"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo: forward to 7" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("Forward on 7");
        await page.GetByRole(AriaRole.Link, new() { Name = "Close", Exact = true }).ClickAsync();
        await Expect(page.Locator(".timeline-head")).ToContainTextAsync("web1 runs 7 and comes back on it after a restart.");
        await Expect(page.Locator("li.generation", new() { HasText = "the new proxy is slow" })).ToHaveCountAsync(0);

        await window.GoAsync("/operations");
        await Expect(page.GetByText("the new proxy is slow")).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task The_printed_link_works_once()
    {
        var product = await StartAsync();
        var window = await OpenAsync(product);
        var link = await product.SetupLinkAsync();
        await window.Page.GotoAsync(link.ToString());
        await pictures.ShootAsync(window, "setup", narrow: false);
        await Somebody.Ann.SetUpAsync(window, link);
        await Expect(window.Page.GetByText("No server yet")).ToBeVisibleAsync();
        await Audit.RunAsync(window);

        var stranger = await OpenAsync(product);
        await stranger.Page.GotoAsync(link.ToString());
        await Expect(stranger.Page.GetByText("has been used")).ToBeVisibleAsync();
    }
}
