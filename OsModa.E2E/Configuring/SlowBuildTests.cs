using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Configuring;

/// <summary>A build that takes long is seen while it runs, and ends when nobody wants it any more.</summary>
[Collection(Configuring)]
public sealed class SlowBuildTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    private static readonly LocatorAssertionsToContainTextOptions Patient = new() { Timeout = 90_000 };

    [Fact]
    public async Task A_slow_build_is_seen_is_stopped_by_its_button_and_leaves_the_draft_as_it_is()
    {
        var machine = await TakeAsync();
        var window = await OpenAsync();
        var page = window.Page;
        var changes = page.Locator(".check-bar .changed");
        await FormSteps.ReadInAsync(window, machine);
        await FormSteps.PasteAsync(window, machine, "lab.slow = { seconds = 600; };");
        await Expect(page.GetByText("your draft is kept")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Check", Exact = true }).ClickAsync();
        await page.Locator(".check-bar").GetByRole(AriaRole.Link, new() { Name = "details" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"Checking on {machine.Name}");
        await Expect(page.Locator(".build-now")).ToContainTextAsync("slow-1.0", Patient);
        await Expect(page.GetByRole(AriaRole.Progressbar, new() { Name = "Build" })).ToBeVisibleAsync();
        await page.Locator(".build summary").ClickAsync();
        await Expect(page.Locator(".build .said")).ToContainTextAsync("step 1 of 5");
        await Audit.RunAsync(window);

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop the checks" }).ClickAsync();
        await Expect(page.Locator(".check-outcome")).ToContainTextAsync("It was stopped.", Patient);
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("The checks were stopped");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stop the checks" })).ToHaveCountAsync(0);
        Assert.Equal("", await machine.Server.ShellAsync("pgrep -f 'sleep [1]20' || true"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Close" }).ClickAsync();
        await Expect(changes).ToContainTextAsync("It was stopped.");

        // What was to be checked is there as before, also for a page that is opened anew.
        await window.GoAsync($"{machine.Address}/configuration?topic=agents");
        await Expect(changes).ToContainTextAsync("your draft is kept");
        await Expect(page.Locator(".nix")).ToContainTextAsync("seconds = 600;");
        Assert.Empty(window.Complaints);
        Lab.GiveBack(machine);
    }
}
