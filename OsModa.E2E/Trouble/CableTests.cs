using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Trouble;

[Collection(Collection)]
public sealed class CableTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    private const int Target = 3;

    [Fact]
    public async Task A_server_whose_cable_is_pulled_in_the_middle_of_a_rollback_shows_as_stale_and_comes_back_with_all_that_happened()
    {
        var machine = await TakeAsync();
        var (server, name) = (machine.Server, machine.Name);
        var (fleet, units, sheet) = (await OpenAsync(), await OpenAsync(), await OpenAsync());
        await fleet.GoAsync("/");
        var state = RowOf(fleet, machine).Locator(".cell-state");
        await Expect(state).ToContainTextAsync("healthy");
        await units.GoAsync($"{machine.Address}/units?type=service");
        var held = new HeldSwitch(server);
        await held.PrepareAsync();
        await sheet.GoAsync($"{machine.Address}/generations");
        await Somebody.RollBackAsync(sheet, name, Target, "");
        await held.ReachedAsync();
        await Expect(state).ToContainTextAsync("switching");

        await server.PlugOutAsync();
        await Expect(state).ToContainTextAsync("stale");
        await Expect(units.Page.Locator(".server-notice")).ToContainTextAsync($"{name} is not heard since");
        await Expect(units.Page.Locator(".units-stale")).ToBeVisibleAsync();
        await Expect(units.Page.Locator("tr[data-unit='nginx.service'] .unit-state")).ToHaveTextAsync("stale");
        await Expect(sheet.Page.Locator(".timeline-head.is-old")).ToHaveCountAsync(1);
        foreach (var window in new[] { fleet, units, sheet })
        {
            await Audit.RunAsync(window);
        }

        // While nobody hears it, the switch ends and somebody at the console stops a service.
        await held.LetGoAsync(Target);
        await server.ShellAsync("systemctl stop nginx");
        await server.PlugInAsync();

        await Expect(state).ToContainTextAsync("healthy");
        await Expect(RowOf(fleet, machine).Locator(".cell-generation")).ToHaveTextAsync($"{Target}");
        await Expect(units.Page.Locator(".server-notice")).ToHaveCountAsync(0);
        await Expect(units.Page.Locator(".units-stale")).ToHaveCountAsync(0);
        await Expect(sheet.Page.Locator(".timeline-head.is-old")).ToHaveCountAsync(0);
        await Expect(units.Page.Locator("tr[data-unit='nginx.service'] .unit-state")).ToHaveTextAsync("not running");
        await Expect(sheet.Page.Locator("#sheet-title")).ToHaveTextAsync($"Back on {Target}");
        await Expect(sheet.Page.Locator(".outcome")).ToContainTextAsync("verified");
        Assert.Equal((1, 1), (await server.SwitchesAsync(), await OperationsOnAsync(machine)));
        Assert.Empty(new[] { fleet, units, sheet }.SelectMany(window => window.Complaints));

        await server.ShellAsync("systemctl start nginx");
        await Expect(units.Page.Locator("tr[data-unit='nginx.service'] .unit-state")).ToHaveTextAsync("running");
        Lab.GiveBack(machine);
    }
}
