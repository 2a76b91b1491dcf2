using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Ledger;

/// <summary>A ledger that somebody took with them, checked where there is no dashboard, and where there is one.</summary>
public sealed partial class TakenAwayTests(Browser browser, Demo demo) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-taken-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_page_in_the_file_checks_it_from_the_disk_and_names_the_entry_where_it_breaks()
    {
        await using var window = await demo.OpenAsync(browser, Demo.Owner);
        var (file, key) = await TakeAsync(window, after: 1);
        var page = Path.Combine(_folder.FullName, "verify.html");
        using (var zip = ZipFile.OpenRead(file))
        {
            zip.GetEntry("verify.html")!.ExtractToFile(page);
        }

        await using var offline = new Window(window.Context, await window.Context.NewPageAsync());
        await offline.Page.GotoAsync(new Uri(page).AbsoluteUri);
        await Audit.RunAsync(offline);

        Assert.Matches(AllVerify(), await VerdictAsync(offline, file, key));
        Assert.Equal("ok", await offline.Page.Locator("#result").GetAttributeAsync("data-result"));
        await Audit.RunAsync(offline);

        Assert.Equal("Does not verify at entry 1: it is not what was written.", await VerdictAsync(offline, Tampered(file), key));
        await Audit.RunAsync(offline);

        Assert.EndsWith("But the key is only what the file says of itself: check again with the key as you know it.", await VerdictAsync(offline, file, ""), StringComparison.Ordinal);
        Assert.Equal("This is no public key of a ledger. It has the form name+c74f20a3+ARpc2Q…", await VerdictAsync(offline, file, "nonsense"));
        Assert.StartsWith("This is no export of a ledger", await VerdictAsync(offline, page, key), StringComparison.Ordinal);
        Assert.Empty(offline.Complaints);
    }

    [Fact]
    public async Task A_head_from_before_has_to_be_continued_by_a_later_file()
    {
        await using var window = await demo.OpenAsync(browser, Demo.Owner);
        var (first, key) = await TakeAsync(window);
        var (second, _) = await TakeAsync(window, after: Size(first));
        var page = Path.Combine(_folder.FullName, "verify.html");
        using (var zip = ZipFile.OpenRead(first))
        {
            zip.GetEntry("verify.html")!.ExtractToFile(page);
        }

        await using var offline = new Window(window.Context, await window.Context.NewPageAsync());
        await offline.Page.GotoAsync(new Uri(page).AbsoluteUri);
        await offline.Page.GetByText("Compare with a head that you have from before").ClickAsync();

        await offline.Page.Locator("#seen").FillAsync(Text(first, "checkpoint"));
        Assert.Matches(AllVerify(), await VerdictAsync(offline, second, key));
        await Expect(offline.Page.Locator("#checked")).ToContainTextAsync("It continues the head of");

        await offline.Page.Locator("#seen").FillAsync(Text(second, "checkpoint"));
        Assert.Matches(OlderCopy(), await VerdictAsync(offline, first, key));
    }

    [Fact]
    public async Task The_dashboard_checks_a_file_that_is_brought_to_it_and_keeps_nothing_of_it()
    {
        await using var window = await demo.OpenAsync(browser, Demo.Owner);
        var (file, _) = await TakeAsync(window);
        await window.GoAsync("/ledger/check");
        var verdict = window.Page.Locator(".proof .verdict");

        await Expect(window.Page.Locator("#check-file")).ToBeEnabledAsync();
        await window.Page.Locator("#check-file").SetInputFilesAsync(file);
        await Expect(verdict).ToContainTextAsync("entries are as they were signed.");
        await Expect(window.Page.Locator(".ledger-told")).ToContainTextAsync("and continues what is in the file.");
        await Audit.RunAsync(window);

        await window.Page.Locator("#check-file").SetInputFilesAsync(Tampered(file));
        await Expect(verdict).ToHaveTextAsync("Does not verify at entry 1: it is not what was written.");
        await Audit.RunAsync(window);

        await window.Page.Locator("#check-file").SetInputFilesAsync(typeof(TakenAwayTests).Assembly.Location);
        await Expect(verdict).ToContainTextAsync("This is no export of a ledger");
    }

    // The newest signature may be a moment behind the newest entry; with a smallest size it is waited for.
    private async Task<(string File, string Key)> TakeAsync(Window window, long after = 0)
    {
        while (true)
        {
            await window.GoAsync("/ledger");
            await Expect(window.Page.Locator(".perforation").First).ToBeVisibleAsync();
            await window.Page.GetByText("Take it with you").ClickAsync();
            var key = await window.Page.Locator(".ledger-away code").InnerTextAsync();
            var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByRole(AriaRole.Button, new() { Name = "File to be checked" }).ClickAsync());
            var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.zip");
            await download.SaveAsAsync(path);
            if (Size(path) > after)
            {
                return (path, key);
            }
        }
    }

    private string Tampered(string file)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.zip");
        File.Copy(file, path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Update);
        var bundle = zip.Entries.First(entry => entry.FullName.StartsWith("tile/entries/", StringComparison.Ordinal));
        using var content = bundle.Open();
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        var first = (bytes[0] << 8) + bytes[1] + 2;
        bytes[first + 2 + 62 + 20] ^= 1;    // in the body of the second entry
        content.Position = 0;
        content.Write(bytes);
        return path;
    }

    private static async Task<string> VerdictAsync(Window offline, string file, string key)
    {
        await offline.Page.Locator("#file").SetInputFilesAsync(file);
        await offline.Page.Locator("#key").FillAsync(key);
        await offline.Page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await Expect(offline.Page.Locator("#result")).ToBeVisibleAsync();
        return await offline.Page.Locator("#verdict").InnerTextAsync();
    }

    private static long Size(string file) => long.Parse(Text(file, "checkpoint").Split('\n')[1]);

    private static string Text(string file, string name)
    {
        using var zip = ZipFile.OpenRead(file);
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^All [0-9,]+ entries are as they were signed.$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AllVerify();

    [GeneratedRegex("^A head of .* was seen before, but there are only .*: the newest are gone, or this is an older copy.$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OlderCopy();
}
