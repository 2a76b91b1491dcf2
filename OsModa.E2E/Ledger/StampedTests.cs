using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using OsModa.Tests.Ledger.Witnessing;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Ledger;

/// <summary>An authority outside puts times under the ledger, and the page says by whom and when.</summary>
public sealed class StampedTests(Browser browser) : ProductTests(browser)
{
    [Fact]
    public async Task An_owner_has_the_ledger_time_stamped_and_an_export_carries_it()
    {
        using var authority = new OpensslAuthority();
        var product = await StartAsync(
            "--demo", $"--Demo:Password={Demo.Stranger.Password}",
            $"--Ledger:Timestamps:Url={authority.Listen()}", "--Ledger:Timestamps:Name=Harbour Time", $"--Ledger:Timestamps:Certificates={authority.RootsFile}");
        var window = await OpenAsync(product);
        await Demo.Stranger.SignInAsync(window);
        await window.GoAsync("/ledger");
        await window.Page.GetByText("Signed states and witnesses").ClickAsync();

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Time-stamp now" }).ClickAsync();

        await Expect(window.Page.Locator("#stamp-answer")).ToHaveTextAsync("It is time-stamped.");
        await Expect(window.Page.Locator(".ledger-vouching")).ToContainTextAsync("Harbour Time stamped the state of");
        await Expect(window.Page.Locator(".proof")).ToContainTextAsync("Time-stamped by Harbour Time");
        await Audit.RunAsync(window);
        await window.GoAsync("/ledger");
        await Expect(window.Page.Locator(".proof")).ToContainTextAsync("Time-stamped by Harbour Time");
        await window.Page.GetByText("Take it with you").ClickAsync();
        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByRole(AriaRole.Button, new() { Name = "File to be checked" }).ClickAsync());
        await window.GoAsync("/ledger/check");
        await Expect(window.Page.Locator("#check-file")).ToBeEnabledAsync();
        await window.Page.Locator("#check-file").SetInputFilesAsync(await download.PathAsync());
        await Expect(window.Page.Locator(".proof .verdict")).ToContainTextAsync("entries are as they were signed.");
        await Expect(window.Page.Locator("main")).ToContainTextAsync("An openssl");
        Assert.Empty(window.Complaints);
    }
}
