using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Trouble;

[Collection(Collection)]
public sealed class HostKeyTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    [Fact]
    public async Task A_changed_host_key_stops_everything_until_an_owner_accepts_the_new_one_with_a_reason()
    {
        var machine = await TakeAsync();
        var server = machine.Server;
        var (window, fleet) = (await OpenAsync(), await OpenAsync());
        var page = window.Page;
        await fleet.GoAsync("/");
        await window.GoAsync($"{machine.Address}/units?type=service");

        var fingerprint = await server.ChangeHostKeyAsync();
        var logins = await server.LoginsAsync();
        Assert.NotEqual(0, logins);
        await server.PlugOutAsync(); // what stands is cut, so that the next connection meets the new key
        await Expect(page.Locator(".server-notice")).ToBeVisibleAsync();
        await server.PlugInAsync();
        await Expect(page.Locator(".server-notice")).ToContainTextAsync($"The host key of {machine.Name} is not the one that was accepted.");
        await Expect(RowOf(fleet, machine)).ToContainTextAsync("host key changed, not connected");
        await Audit.RunAsync(window);
        await Audit.RunAsync(fleet);

        await page.GetByRole(AriaRole.Link, new() { Name = "Compare the keys" }).ClickAsync();
        await Expect(page.GetByText(server.Fingerprint)).ToBeVisibleAsync();
        await Expect(page.GetByText(fingerprint)).ToBeVisibleAsync();
        var accept = page.GetByRole(AriaRole.Button, new() { Name = $"Accept the new key of {machine.Name}" });
        await accept.ClickAsync();
        await Expect(page.Locator("#reason-error")).ToBeVisibleAsync();
        Assert.Equal(logins, await server.LoginsAsync());

        await page.GetByLabel("Reason").FillAsync("installed anew");
        await accept.ClickAsync();
        await Expect(page.GetByText("the accepted one")).ToBeVisibleAsync();
        await Expect(RowOf(fleet, machine).Locator(".cell-state")).ToContainTextAsync("healthy");
        await window.GoAsync($"{machine.Address}/units?type=service");
        await Expect(page.Locator(".server-notice")).ToHaveCountAsync(0);
        var nginx = page.Locator("tr[data-unit='nginx.service'] .unit-state");
        await server.ShellAsync("systemctl stop nginx");
        await Expect(nginx).ToHaveTextAsync("not running");
        await server.ShellAsync("systemctl start nginx");
        await Expect(nginx).ToHaveTextAsync("running");
        Assert.Equal((0, 0), (await server.SwitchesAsync(), await OperationsOnAsync(machine)));
        Lab.GiveBack(machine);
    }
}
