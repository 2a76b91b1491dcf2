using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Trouble;

/// <summary>Logins that do not work, or not as people wish, and a server behind another.</summary>
[Collection(Collection)]
public sealed class JoiningTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    [Fact]
    public async Task An_expired_password_is_named_with_what_mends_it_and_once_mended_the_login_works()
    {
        var (window, server) = (await OpenAsync(), await ServerAsync());
        var page = window.Page;
        await server.AddUserAsync("expired", "--expired");

        await Somebody.ConnectAsync(window, server, "expired1", login: "expired");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The login to expired1 did not work out.");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("chage -d -1 expired");
        await Audit.RunAsync(window);

        await server.ShellAsync("chage -d -1 expired");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.GetByText("expired1 is watched")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_login_without_sudo_watches_says_what_it_cannot_and_is_not_offered_to_act()
    {
        var (window, server) = (await OpenAsync(), await ServerAsync());
        var page = window.Page;
        await server.AddUserAsync("watcher", "--no-sudo");

        await Somebody.ConnectAsync(window, server, "watcher1", login: "watcher");
        await Expect(page.Locator(".probe")).ToContainTextAsync("May only look");
        await Expect(page.GetByText("watcher1 is watched")).ToBeVisibleAsync();
        var address = new Uri(page.Url).AbsolutePath[..^"/join".Length];

        await window.GoAsync($"{address}/generations?rollback=5");
        await Expect(page.GetByText("Its units are asked for every two seconds.")).ToBeVisibleAsync();
        await Expect(page.Locator("dialog")).ToContainTextAsync("sudo");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Roll back watcher1" })).ToBeDisabledAsync();
        await Audit.RunAsync(window);
    }

    [Fact]
    public async Task A_server_behind_another_is_reached_through_it_alone()
    {
        var (window, gate, server) = (await OpenAsync(), await TakeAsync(), await ServerAsync());

        await Somebody.Ann.AddServerAsync(window, server, "inner1", jump: gate.Name);

        var from = await server.ShellAsync("journalctl -q -o cat -u sshd | sed -n 's/^Accepted publickey for .* from \\([^ ]*\\) .*/\\1/p' | sort -u");
        Assert.Equal(gate.Server.Address, from.Trim());
        Lab.GiveBack(gate);
    }
}
