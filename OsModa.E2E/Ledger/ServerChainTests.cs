using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Ledger;

/// <summary>The ledger that osModa keeps on a server itself, in the browser.</summary>
[Collection(Collection)]
public sealed class ServerChainTests(Browser browser, Lab lab, Pictures pictures) : LabTests(browser, lab)
{
    private const int Events = 40;

    [Fact]
    public async Task A_servers_own_ledger_is_verified_while_it_grows_and_an_edited_event_is_an_alarm_until_somebody_has_seen_to_it()
    {
        var machine = await TakeAsync();
        using var agentd = new AgentdLedger(machine.Server);
        for (var number = 1; number <= Events; number++)
        {
            agentd.Append(number % 3 == 0 ? "tool.call" : "memory.store", $$"""{"summary":"page {{number}} of the harbour's book"}""");
        }

        await agentd.PutAsync();
        var window = await OpenAsync();
        var page = window.Page;
        await window.GoAsync($"{machine.Address}/ledger");
        var panel = page.Locator(".chain-panel");
        await Expect(panel).ToContainTextAsync("The server's own ledger: verifies.");

        agentd.Append("backup.create", """{"summary":"lamp-9"}""");
        await agentd.PutAsync();
        await Expect(page.Locator(".entry").Filter(new() { HasText = "backup.create" })).ToHaveCountAsync(1);
        await panel.GetByText("How do you know?").ClickAsync();
        await Expect(panel).ToContainTextAsync($"{Events + 1} of {Events + 1} events are copied");
        await Audit.RunAsync(window);
        await pictures.ShootAsync(window, "server-chain", narrow: true);

        agentd.Edit(7, """{"summary":"page 7 was never written"}""");
        await agentd.PutAsync();
        await page.SetViewportSizeAsync(Look.Desktop.Width, Look.Desktop.Height);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Compare everything again" }).ClickAsync();
        await Expect(panel).ToContainTextAsync("Does not verify at event 7");
        await Expect(panel.GetByLabel("What differs, field by field")).ToContainTextAsync("page 7 was never written");
        await Audit.RunAsync(window);
        await pictures.ShootAsync(window, "server-chain-broken", narrow: true);

        await panel.GetByLabel("What happened?").FillAsync("Edited in a drill.");
        await panel.GetByRole(AriaRole.Button, new() { Name = "I have seen to it" }).ClickAsync();
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "I have seen to it" })).ToHaveCountAsync(0);
        await Expect(page.Locator(".entry").Filter(new() { HasText = "Edited in a drill." })).ToHaveCountAsync(1);
        Assert.Empty(window.Complaints);
    }
}
