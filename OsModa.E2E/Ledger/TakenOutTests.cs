using System.IO.Compression;
using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Ledger;

/// <summary>An owner takes a text out and replaces the key, and a file taken afterwards is checked where there is no dashboard, by somebody who knows the key from before.</summary>
public sealed class TakenOutTests(Browser browser, Demo demo) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-out-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_text_is_taken_out_and_the_key_replaced_and_the_page_in_the_file_still_checks_all_of_it()
    {
        await using var window = await demo.OpenAsync(browser, Demo.Stranger);
        await window.GoAsync("/ledger");
        await Expect(window.Page.Locator(".perforation").First).ToBeVisibleAsync();
        await window.Page.GetByText("Take it with you").ClickAsync();
        var key = await window.Page.Locator(".ledger-away code").InnerTextAsync();

        await window.GoAsync("/ledger?entry=0");
        await window.Page.GetByText("Take its text out").ClickAsync();
        await window.Page.Locator("#redact-reason").FillAsync("somebody asked for it");
        await Audit.RunAsync(window);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Take the text out for good" }).ClickAsync();
        await Expect(window.Page.Locator(".ledger-entry")).ToContainTextAsync("“somebody asked for it”");
        await Audit.RunAsync(window);

        await window.Page.GetByText("Signed states and witnesses").ClickAsync();
        await window.Page.GetByText("Replace the key of this log").ClickAsync();
        await window.Page.Locator("#rotate-reason").FillAsync("the disk was sold");
        await Audit.RunAsync(window);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Replace the key", Exact = true }).ClickAsync();
        await Expect(window.Page.Locator(".entry p").First).ToContainTextAsync("replaced the key of the ledger");
        await Expect(window.Page.Locator(".entry.is-new")).ToHaveCountAsync(0);
        await Audit.RunAsync(window);

        await using var offline = await OpenFileAsync(window);
        await offline.Page.Locator("#key").FillAsync(key);
        await offline.Page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await Expect(offline.Page.Locator("#verdict")).ToContainTextAsync("entries are as they were signed.");
        await Expect(offline.Page.Locator("#checked")).ToContainTextAsync("in a change of the key that both signed");
        await Expect(offline.Page.Locator("#checked")).ToContainTextAsync("the text was taken out later");
        Assert.Empty(offline.Complaints);
    }

    private async Task<Window> OpenFileAsync(Window window)
    {
        await window.GoAsync("/ledger");
        await window.Page.GetByText("Take it with you").ClickAsync();
        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByRole(AriaRole.Button, new() { Name = "File to be checked" }).ClickAsync());
        var (file, page) = (Path.Combine(_folder.FullName, "export.zip"), Path.Combine(_folder.FullName, "verify.html"));
        await download.SaveAsAsync(file);
        using (var zip = await ZipFile.OpenReadAsync(file))
        {
            await zip.GetEntry("verify.html")!.ExtractToFileAsync(page);
        }

        var offline = new Window(window.Context, await window.Context.NewPageAsync());
        await offline.Page.GotoAsync(new Uri(page).AbsoluteUri);
        await offline.Page.Locator("#file").SetInputFilesAsync(file);
        return offline;
    }
}
