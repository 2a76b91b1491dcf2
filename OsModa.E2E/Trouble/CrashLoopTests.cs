using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Trouble;

[Collection(Collection)]
public sealed class CrashLoopTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    /// <summary>The generation whose agent scout starts, runs one second and dies, for ever.</summary>
    private const int Crashing = 6;

    [Fact]
    public async Task A_deployment_whose_agent_crash_loops_is_undone_by_the_server_and_the_page_tells_its_four_times()
    {
        var machine = await TakeAsync();
        var before = await machine.Server.GenerationAsync("/run/current-system");
        var window = await OpenAsync();
        var page = window.Page;

        await window.GoAsync($"{machine.Address}/generations?rollback={Crashing}");
        await page.GetByText("How it is watched").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "On probation", Exact = true }).ClickAsync();
        await Expect(page.Locator("#plan-probation")).ToHaveValueAsync("10");
        await page.Locator("dialog .button-primary").ClickAsync();

        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Back on {before}");
        await Expect(page.Locator(".outcome")).ToContainTextAsync("rolled back");
        foreach (var time in new[] { "noticed after ", "decided at ", "switched back at ", "verified at " })
        {
            await Expect(page.Locator(".outcome")).ToContainTextAsync(time);
        }

        await Expect(page.Locator(".notes").First).ToContainTextAsync("agent-scout");
        await Audit.RunAsync(window);
        Assert.Equal((before, before), (await machine.Server.GenerationAsync("/run/current-system"), await machine.Server.GenerationAsync("/nix/var/nix/profiles/system")));
        await Until.TrueAsync("scout is active", TimeSpan.FromSeconds(20), async () => (await machine.Server.ShellAsync("systemctl show -P ActiveState agent-scout.service")).Trim() == "active");

        // The timeline, the list of runs and the quarantine say the same.
        await window.GoAsync($"{machine.Address}/generations");
        await Expect(page.Locator(".generation.is-bad")).ToContainTextAsync($"went back to {before} by itself");
        await window.GoAsync("/safeswitch");
        await Expect(page.Locator(".runs tbody tr").First).ToContainTextAsync($"{machine.Name} to {Crashing} from {before}");
        await Expect(page.Locator(".quarantine li").First).ToContainTextAsync(machine.Name);
        await Audit.RunAsync(window);
    }
}
