using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Configuring;

/// <summary>Somebody who does not know NixOS adds an agent to a server, from the first look at its configuration to the agent that answers.</summary>
[Collection(Configuring)]
public sealed class FormTests(Browser browser, Lab lab, Pictures pictures) : LabTests(browser, lab)
{
    private static readonly Somebody Ben = new("Ben", "ben@example.org", "eight slow barges at dusk");
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
        await pictures.ShootAsync(window, "checks-passed", narrow: false);
        await page.GetByRole(AriaRole.Link, new() { Name = "Close" }).ClickAsync();

        await page.Locator(".outline-absent summary").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "How secrets are added" }).ClickAsync();
        await Expect(page.GetByLabel("Lines for sops-nix", new() { Exact = true })).ToContainTextAsync("modules/sops");
        await Audit.RunAsync(window);
        await pictures.ShootAsync(window, "secrets", narrow: true);

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

        await FormSteps.SaveAsync(window, "A muse for the shop");
        await Expect(page.GetByText("1 unit changed", new() { Exact = false })).ToBeVisibleAsync();
        await LookAtCommitAsync(window);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Deploy to {machine.Name}" }).ClickAsync();

        await page.WaitForURLAsync("**operation=**");
        await Expect(page.Locator(".outcome")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        Assert.Contains("\"agent\":\"muse\"", await machine.Server.ShellAsync("curl -s --max-time 5 --unix-socket /run/agents/muse.sock http://agent/health"), StringComparison.Ordinal);

        await window.GoAsync($"{machine.Address}/configuration?show=history");
        await Expect(page.Locator(".history-list").GetByText("A muse for the shop")).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
        Lab.GiveBack(machine);
    }

    [Fact]
    public async Task Two_people_who_edit_at_once_see_each_other_and_are_brought_together_field_by_field()
    {
        var machine = await TakeAsync();
        var (ann, ben) = (await OpenAsync(), await KeepAsync(Lab.OpenForNobodyAsync(Browser)));
        await ann.GoAsync("/people");
        await Ben.JoinAsync(ben, await Somebody.InviteAsync(ann, Ben.Email, "Operator"));
        await FormSteps.ReadInAsync(ann, machine);
        await Task.WhenAll(ann.GoAsync($"{machine.Address}/configuration?topic=web"), ben.GoAsync($"{machine.Address}/configuration?topic=web"));

        // Ben sees what Ann has not proposed yet, at its field, and changes that field and another one.
        await ann.Page.GetByLabel("Port", new() { Exact = true }).FillAsync("8081");
        await Expect(ben.Page.Locator(".other-draft")).ToContainTextAsync("Ann has 8081 here");
        await Expect(ben.Page.Locator(".other-editor")).ToContainTextAsync("Ann works on this, too: 1 change");
        await ben.Page.GetByLabel("Port", new() { Exact = true }).FillAsync("8082");
        await ben.Page.GetByLabel("More lines for its configuration").FillAsync("gzip on");
        await Expect(ann.Page.Locator(".other-draft").First).ToContainTextAsync("Ben has 8082 here");
        await Expect(ben.Page.GetByText("your draft is kept")).ToBeVisibleAsync();

        // Ann saves first: Ben keeps what only he changed, and decides about the other.
        await FormSteps.SaveAsync(ann, "Another port");
        await Expect(ben.Page.GetByText("it is 8081 now, you had 8082.")).ToBeVisibleAsync();
        await Expect(ben.Page.GetByLabel("Port", new() { Exact = true })).ToHaveValueAsync("8081");
        await Expect(ben.Page.GetByLabel("More lines for its configuration")).ToHaveValueAsync("gzip on");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Use yours" }).ClickAsync();
        await Expect(ben.Page.GetByLabel("Port", new() { Exact = true })).ToHaveValueAsync("8082");

        // The way back and forth, and what is there after a reload.
        await ben.Page.Locator("[data-undo]").ClickAsync();
        await Expect(ben.Page.GetByLabel("Port", new() { Exact = true })).ToHaveValueAsync("8081");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Redo" }).ClickAsync();
        await Expect(ben.Page.GetByText("your draft is kept")).ToBeVisibleAsync();
        await ben.GoAsync($"{machine.Address}/configuration?topic=web");
        await Expect(ben.Page.GetByLabel("Port", new() { Exact = true })).ToHaveValueAsync("8082");

        await FormSteps.SaveAsync(ben, "My port after all");
        await ben.GoAsync($"{machine.Address}/configuration?show=history");
        await Expect(ben.Page.Locator(".history-list").GetByText("My port after all")).ToBeVisibleAsync();
        await Expect(ben.Page.Locator(".history-list").GetByText("Another port")).ToBeVisibleAsync();
        Assert.Empty(ann.Complaints.Concat(ben.Complaints));
        Lab.GiveBack(machine);
    }

    /// <summary>All that a commit changes on what runs, with a page of its own, and back to the sheet.</summary>
    private async Task LookAtCommitAsync(Window window)
    {
        var (page, sheet) = (window.Page, window.Page.Url);
        await page.GetByRole(AriaRole.Link, new() { Name = "See all that changes" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("to commit");
        await Expect(page.Locator(".group").GetByText("agent-muse.service").First).ToBeVisibleAsync();
        await Audit.RunAsync(window);
        await pictures.ShootAsync(window, "compare-commit", narrow: false);

        // And the same for programs, and as text for a ticket.
        var api = page.Url.Replace("/servers/", "/api/v1/servers/", StringComparison.Ordinal);
        Assert.Contains("\"unit\":\"agent-muse.service\",\"fate\":\"Start\"", await (await page.APIRequest.GetAsync(api)).TextAsync(), StringComparison.Ordinal);
        Assert.Contains("agent-muse.service", await (await page.APIRequest.GetAsync($"{api}?as=markdown")).TextAsync(), StringComparison.Ordinal);
        Assert.Equal(404, (await page.APIRequest.GetAsync(api[..api.LastIndexOf('/')] + "/0123456")).Status);
        await page.GotoAsync(sheet);
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", Patient);
    }
}
