using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Configuring;

/// <summary>One commit for several servers: whose system changes is seen before anything is switched.</summary>
[Collection(Collection)]
public sealed class RolloutTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 90_000 };

    [Fact]
    public async Task A_commit_is_applied_to_the_server_that_it_changes_and_the_other_is_left_alone()
    {
        var (first, second) = (await TakeAsync(), await TakeAsync());
        var window = await OpenAsync();
        var page = window.Page;
        foreach (var machine in new[] { first, second })
        {
            await window.GoAsync($"{machine.Address}/configuration");
            await page.GetByRole(AriaRole.Button, new() { Name = "Read it in" }).ClickAsync(new() { Timeout = 90_000 });
            await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", Patient);
        }

        await window.GoAsync($"{second.Address}/configuration?option=users.motd");
        await page.Locator(".option-field input[type=checkbox]").First.CheckAsync();
        await page.Locator(".option-field textarea, .option-field input:not([type=checkbox])").First.FillAsync("Hello from all\n");
        await page.Locator("h2").First.ClickAsync(); // leaves the field
        await page.GetByRole(AriaRole.Link, new() { Name = "Propose…" }).ClickAsync();
        await page.GetByLabel("What it does").FillAsync("A greeting");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and check" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", Patient);

        await window.GoAsync("/configuration");
        await Expect(page.Locator(".same-systems")).ToContainTextAsync(first.Name);
        await page.Locator(".history-list li").Filter(new() { HasText = "A greeting" }).GetByRole(AriaRole.Link, new() { Name = "apply to servers…" }).ClickAsync();
        await page.GetByLabel("Reason, if you like").FillAsync("as the test wants");
        foreach (var other in await page.Locator("fieldset label").AllAsync())
        {
            var name = (await other.TextContentAsync())!.Trim();
            await other.Locator("input").SetCheckedAsync(name == first.Name || name == second.Name);
        }

        await Audit.RunAsync(window);
        await page.GetByRole(AriaRole.Button, new() { Name = "Check on 2 servers" }).ClickAsync();
        await Expect(Row(page, first)).ToContainTextAsync("nothing changes", new() { Timeout = 90_000 });
        await Expect(Row(page, second)).ToContainTextAsync("Its system changes.", new() { Timeout = 90_000 });
        Assert.Equal(0, await OperationsOnAsync(second));

        await page.GetByRole(AriaRole.Button, new() { Name = "Apply to 1 server" }).ClickAsync();
        await Expect(Row(page, second)).ToContainTextAsync("runs it", new() { Timeout = 90_000 });
        await Expect(page.Locator(".title .state")).ToHaveTextAsync("done", Patient);
        await Audit.RunAsync(window);
        Assert.Equal((0, 1), (await OperationsOnAsync(first), await OperationsOnAsync(second)));
        Assert.Equal("Hello from all", (await second.Server.ShellAsync("cat /etc/motd")).Trim());

        await window.GoAsync("/configuration");
        await Expect(page.Locator(".same-systems").GetByRole(AriaRole.Link, new() { Name = second.Name, Exact = true })).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
        Lab.GiveBack(first);
        Lab.GiveBack(second);
    }

    private static ILocator Row(IPage page, LabMachine machine) => page.Locator("table.rollout tbody tr").Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = machine.Name, Exact = true }) });
}
