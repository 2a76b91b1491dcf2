using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.People;

/// <summary>Somebody looks at what is on probation, and decides.</summary>
[Collection(Collection)]
public sealed class DecidingTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    private const int Before = 7;
    private const int Target = 3;
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 60_000 };

    [Fact]
    public async Task Who_keeps_it_is_written_down_as_the_one_who_confirmed()
    {
        var (machine, window) = await OnProbationAsync();
        var page = window.Page;
        await Expect(page.GetByText("Unless a person keeps it, it returns to 7 by itself")).ToBeVisibleAsync();
        await Audit.RunAsync(window);

        await page.GetByRole(AriaRole.Button, new() { Name = $"Keep {Target}" }).ClickAsync();

        await Expect(page.GetByText("Confirmed over a new connection by Ann")).ToBeVisibleAsync();
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Back on {Target}", Patient);
        await Expect(page.Locator("dialog .button-primary")).ToHaveCountAsync(0);
        Assert.Equal((Target, Target), (await machine.Server.GenerationAsync("/run/current-system"), await machine.Server.GenerationAsync("/nix/var/nix/profiles/system")));
        Assert.Empty(window.Complaints);
        Lab.GiveBack(machine);
    }

    [Fact]
    public async Task Who_stops_it_gets_back_what_ran_and_nothing_is_held_against_the_target()
    {
        var (machine, window) = await OnProbationAsync();
        var page = window.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = $"Stop, return to {Before}" }).ClickAsync();

        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Back on {Before}", Patient);
        await Expect(page.GetByLabel("What the watch saw").GetByText("Stopped by Ann")).ToBeVisibleAsync();
        Assert.Equal((Before, Before), (await machine.Server.GenerationAsync("/run/current-system"), await machine.Server.GenerationAsync("/nix/var/nix/profiles/system")));
        await window.GoAsync("/safeswitch");
        await Expect(page.Locator(".runs tbody tr").First).ToContainTextAsync($"{machine.Name} to {Target} from {Before}");
        await Expect(page.Locator(".quarantine li").Filter(new() { HasText = $"generation {Target} of {machine.Name}" })).ToHaveCountAsync(0);
        Assert.Empty(window.Complaints);
        Lab.GiveBack(machine);
    }

    [Fact]
    public async Task Who_asks_for_it_has_the_server_restart_into_another_kernel_and_watch_itself_after_that()
    {
        var machine = await TakeAsync();
        var window = await OpenAsync();
        var page = window.Page;
        await window.GoAsync($"{machine.Address}/generations?rollback={Target}");
        await page.GetByLabel("Restart into it, on probation").CheckAsync();
        await Expect(page.GetByText("restarts at once, with all that runs on it")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = $"Restart {machine.Name} into generation {Target}" }).ClickAsync();

        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Restarting into {Target}", Patient);
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"{Target} on probation", Patient);
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Back on {Target}", Patient);
        await Expect(page.GetByText($"Restart into {Target}")).ToBeVisibleAsync();
        Assert.Equal(Target, await machine.Server.GenerationAsync("/run/booted-system"));
        Lab.GiveBack(machine);
    }

    /// <summary>An older generation, on probation for a person to look at.</summary>
    private async Task<(LabMachine Machine, Window Window)> OnProbationAsync()
    {
        var machine = await TakeAsync();
        var window = await OpenAsync();
        var page = window.Page;
        await window.GoAsync($"{machine.Address}/generations?rollback={Target}");
        await Expect(page.Locator("dialog .checks")).ToBeVisibleAsync();
        await page.GetByText("How it is watched").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "On probation" }).ClickAsync();
        await page.GetByLabel("Confirmed by").SelectOptionAsync("a person who presses Keep");
        await page.GetByLabel("Within, in seconds").FillAsync("120");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Roll back {machine.Name} to generation {Target}" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"{Target} on probation", Patient);
        return (machine, window);
    }
}
