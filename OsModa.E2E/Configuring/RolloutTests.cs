using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Configuring;

/// <summary>One commit for several servers: whose system changes is seen before anything is switched.</summary>
[Collection(Configuring)]
public sealed class RolloutTests(Browser browser, Lab lab, Pictures pictures) : LabTests(browser, lab)
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
            await FormSteps.ReadInAsync(window, machine);
        }

        await window.GoAsync($"{second.Address}/configuration?option=users.motd");
        await page.Locator(".option-field input[type=checkbox]").First.CheckAsync();
        await page.Locator(".option-field textarea, .option-field input:not([type=checkbox])").First.FillAsync("Hello from all\n");
        await page.Locator("h2").First.ClickAsync(); // leaves the field
        await FormSteps.SaveAsync(window, "A greeting");

        await window.GoAsync("/configuration");
        await Expect(page.Locator(".same-systems")).ToContainTextAsync(first.Name);
        await ChooseAsync(window, "A greeting", first, second);
        await Audit.RunAsync(window);
        await pictures.ShootAsync(window, "rollout-new", narrow: false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Check on 2 servers" }).ClickAsync();
        await Expect(Row(page, first)).ToContainTextAsync("nothing changes", new() { Timeout = 90_000 });
        await Expect(Row(page, second)).ToContainTextAsync("Its system changes.", new() { Timeout = 90_000 });
        await pictures.ShootAsync(window, "rollout-checked", narrow: false);
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

    [Fact]
    public async Task At_the_first_server_that_goes_back_it_ends_and_the_next_is_not_touched()
    {
        var (first, second) = (await TakeAsync(), await TakeAsync());
        var window = await OpenAsync();
        var page = window.Page;
        foreach (var machine in new[] { first, second })
        {
            await FormSteps.ReadInAsync(window, machine);
            await FormSteps.PasteAsync(window, machine, "services.agents.muse = { framework = \"python\"; arguments = [ \"--crash-after\" \"1\" ]; };");
            await FormSteps.SaveAsync(window, $"A muse on {machine.Name}");
        }

        await window.GoAsync("/configuration");
        await ChooseAsync(window, $"A muse on {second.Name}", first, second);
        await page.GetByRole(AriaRole.Button, new() { Name = "Check on 2 servers" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply to 2 servers" }).ClickAsync(new() { Timeout = 90_000 });

        await Expect(page.Locator(".title .state")).ToHaveTextAsync("stopped", Patient);
        var rows = page.Locator("table.rollout tbody tr");
        await Expect(rows.Nth(0)).ToContainTextAsync("agent-muse.service");
        await Expect(rows.Nth(0).Locator(".state")).ToHaveTextAsync("rolled back");
        await Expect(rows.Nth(1)).ToContainTextAsync("Not touched: a server before it was not well.");
        await Audit.RunAsync(window);
        await pictures.ShootAsync(window, "rollout-stopped", narrow: false);
        Assert.Equal([0, 1], new[] { await OperationsOnAsync(first), await OperationsOnAsync(second) }.Order());
        foreach (var machine in new[] { first, second })
        {
            Assert.Empty(await machine.Server.ShellAsync("ls /etc/systemd/system/agent-muse.service 2>/dev/null || true"));
            Lab.GiveBack(machine);
        }

        Assert.Empty(window.Complaints);
    }

    /// <summary>From the list of commits to the servers it is for.</summary>
    private static async Task ChooseAsync(Window window, string title, params LabMachine[] machines)
    {
        var page = window.Page;
        await page.Locator(".history-list li").Filter(new() { HasText = title }).GetByRole(AriaRole.Link, new() { Name = "apply to servers…" }).ClickAsync();
        await page.GetByLabel("Reason, if you like").FillAsync("as the test wants");
        foreach (var choice in await page.Locator("fieldset label").AllAsync())
        {
            var name = (await choice.TextContentAsync())!.Trim();
            await choice.Locator("input").SetCheckedAsync(machines.Any(machine => machine.Name == name));
        }
    }

    private static ILocator Row(IPage page, LabMachine machine) => page.Locator("table.rollout tbody tr").Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = machine.Name, Exact = true }) });
}
