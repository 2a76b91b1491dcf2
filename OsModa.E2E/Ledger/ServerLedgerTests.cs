using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Ledger;

/// <summary>What a real server does shows in the page of its ledger, and the browser remembers what it was shown.</summary>
[Collection(Collection)]
public sealed class ServerLedgerTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    [Fact]
    public async Task A_use_of_sudo_shows_in_the_open_page_of_the_servers_ledger_with_its_source()
    {
        var machine = await TakeAsync();
        var window = await OpenAsync();
        await window.GoAsync($"{machine.Address}/ledger");

        await machine.Server.ShellAsync("sudo -u nobody /run/current-system/sw/bin/echo lamp-7");

        var entry = window.Page.Locator(".entry").Filter(new() { HasText = "lamp-7" });
        await Expect(entry).ToHaveCountAsync(1);
        await Expect(entry.Locator(".entry-actor")).ToHaveTextAsync("root");
        await Expect(entry).ToContainTextAsync("used sudo · Ran as nobody: /run/current-system/sw/bin/echo lamp-7");
        await Expect(entry.Locator(".entry-source")).ToHaveTextAsync("journal");
        await Audit.RunAsync(window);
    }

    [Fact]
    public async Task The_browser_keeps_the_signed_state_finds_it_continued_and_cries_out_when_it_is_not()
    {
        var machine = await TakeAsync();
        var window = await OpenAsync();
        var memory = window.Page.Locator("ledger-memory");
        await AskAsync(window);
        await Expect(memory).Not.ToBeEmptyAsync();
        Assert.Single(await window.Page.EvaluateAsync<string[]>("() => Object.keys(localStorage).filter(key => key.startsWith('ledger-head:'))"));

        await machine.Server.ShellAsync("sudo -u nobody /run/current-system/sw/bin/true");
        await AskAsync(window);
        await Expect(memory).ToContainTextAsync("Unchanged since your first visit");

        // What another dashboard, or this one before it was rewritten, would have shown. On another page, where nothing keeps a newer state meanwhile.
        await window.GoAsync("/");
        await window.Page.EvaluateAsync(
            """
            () => { for (const key of Object.keys(localStorage).filter(key => key.startsWith("ledger-head:"))) {
                const kept = JSON.parse(localStorage[key]);
                localStorage[key] = JSON.stringify({ ...kept, root: btoa("x".repeat(32)) });
            } }
            """);
        await window.GoAsync("/ledger");    // the alarm opens its fold by itself
        await Expect(memory).ToContainTextAsync("This is not the ledger that you saw before");
        await Expect(memory).ToBeVisibleAsync();
        var saved = await window.Page.RunAndWaitForDownloadAsync(() => memory.GetByRole(AriaRole.Button, new() { Name = "Save evidence" }).ClickAsync());
        Assert.Equal("two-heads-of-one-ledger.txt", saved.SuggestedFilename);
        await Audit.RunAsync(window);

        await window.GoAsync("/");
        await window.Page.EvaluateAsync(
            """
            () => { for (const key of Object.keys(localStorage).filter(key => key.startsWith("ledger-head:"))) {
                const kept = JSON.parse(localStorage[key]);
                localStorage.removeItem(key);
                localStorage["ledger-head:other.example/ledger/1"] = JSON.stringify({ ...kept, origin: "other.example/ledger/1" });
            } }
            """);
        await window.GoAsync("/ledger");
        await Expect(memory).ToContainTextAsync("The ledger has another name than on");
        await Expect(memory).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_signed_state_that_somebody_pastes_is_compared()
    {
        var window = await OpenAsync();
        await window.GoAsync("/ledger");
        await window.Page.Locator(".ledger-vouching summary").First.ClickAsync();
        await Expect(window.Page.Locator(".heads li").First).ToBeVisibleAsync();
        var note = await window.Page.Locator("ledger-memory").GetAttributeAsync("data-note") ?? "";

        await window.Page.Locator("#other-head").FillAsync(note);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();
        await Expect(window.Page.Locator("#other-head-answer")).ToContainTextAsync("It is a part of this ledger");
        await window.Page.Locator("#other-head").FillAsync("something else");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();
        await Expect(window.Page.Locator("#other-head-answer")).ToContainTextAsync("This is no signed state of this ledger");
        await Audit.RunAsync(window);
    }

    private static async Task AskAsync(Window window)
    {
        await window.GoAsync("/ledger");
        await window.Page.Locator(".proof-why summary").ClickAsync();
    }
}
