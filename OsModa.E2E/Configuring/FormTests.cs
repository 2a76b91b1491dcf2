using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Configuring;

/// <summary>Somebody who does not know NixOS adds an agent to a server, from the first look at its configuration to the agent that answers.</summary>
[Collection(Collection)]
public sealed class FormTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 90_000 };

    [Fact]
    public async Task An_agent_is_added_in_the_form_checked_deployed_and_answers()
    {
        var machine = await TakeAsync();
        var window = await OpenAsync();
        var page = window.Page;
        await window.GoAsync($"{machine.Address}/configuration");
        await Expect(page.Locator(".outline h2").First).ToHaveTextAsync($"Set on {machine.Name}", Patient);

        // What it is now is read in, and proven to be what it runs.
        await page.GetByRole(AriaRole.Button, new() { Name = "Read it in" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", Patient);
        await Expect(page.GetByText($"It is the very system that runs on {machine.Name}")).ToBeVisibleAsync();
        await Audit.RunAsync(window);
        await page.GetByRole(AriaRole.Link, new() { Name = "Close" }).ClickAsync();

        await page.Locator(".outline").GetByRole(AriaRole.Link, new() { Name = "Agents" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "LangGraph" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("muse");
        await page.GetByLabel("What it is there for").FillAsync("writes ${poems}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add this agent" }).ClickAsync();
        await Expect(page.Locator(".nix .touched").First).ToContainTextAsync("framework = \"langgraph\";");
        await Audit.RunAsync(window);

        // The draft is there again after a reload, and can be checked before anybody else sees it.
        await Expect(page.GetByText("your draft is kept")).ToBeVisibleAsync();
        await window.GoAsync($"{machine.Address}/configuration?topic=agents");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check", Exact = true }).ClickAsync();
        await Expect(page.Locator(".check-bar .changed")).ToContainTextAsync("checks passed in", new() { Timeout = 90_000 });

        await page.GetByRole(AriaRole.Link, new() { Name = "Propose…" }).ClickAsync();
        await page.GetByLabel("What it does").FillAsync("A muse for the shop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and check" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", Patient);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Deploy to {machine.Name}" }).ClickAsync();

        await page.WaitForURLAsync("**operation=**");
        await Expect(page.Locator(".outcome")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        Assert.Contains("\"agent\":\"muse\"", await machine.Server.ShellAsync("curl -s --max-time 5 --unix-socket /run/agents/muse.sock http://agent/health"), StringComparison.Ordinal);

        await window.GoAsync($"{machine.Address}/configuration?show=history");
        await Expect(page.Locator(".history-list").GetByText("A muse for the shop")).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
        Lab.GiveBack(machine);
    }
}
