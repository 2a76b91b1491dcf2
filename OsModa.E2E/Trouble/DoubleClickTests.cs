using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Trouble;

[Collection(Collection)]
public sealed class DoubleClickTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    private const int Target = 3;
    private const int DoubleClicksOfEach = 100;

    [Fact]
    public async Task Two_hundred_double_clicks_from_two_browsers_make_one_operation_and_one_switch()
    {
        var machine = await TakeAsync();
        Window[] windows = [await OpenAsync(), await OpenAsync()];
        foreach (var window in windows)
        {
            await window.GoAsync($"{machine.Address}/generations?rollback={Target}");
            await Expect(window.Page.Locator("dialog .checks")).ToBeVisibleAsync();
            await Expect(window.Page.Locator("dialog .button-primary")).ToBeEnabledAsync();
        }

        // In one turn of the page's script: none of them waits for the answer to another.
        await Task.WhenAll(windows.Select(window => window.Page.EvaluateAsync(
            "times => { const button = document.querySelector('dialog .button-primary'); for (let i = 0; i < times; i++) { button.click(); button.click(); } }", DoubleClicksOfEach)));

        foreach (var window in windows)
        {
            await Expect(window.Page.Locator("#sheet-title")).ToHaveTextAsync($"Back on {Target}");
        }

        Assert.Single(windows.Select(window => window.Page.Url).Distinct());
        Assert.Equal((1, 1), (await machine.Server.SwitchesAsync(), await OperationsOnAsync(machine)));
        Assert.Equal((Target, Target), (await machine.Server.GenerationAsync("/run/current-system"), await machine.Server.GenerationAsync("/nix/var/nix/profiles/system")));
        await windows[0].GoAsync($"{machine.Address}/operations");
        await Expect(windows[0].Page.Locator(".operations li")).ToHaveCountAsync(1);
        Assert.Empty(windows.SelectMany(window => window.Complaints));
        Lab.GiveBack(machine);
    }
}
