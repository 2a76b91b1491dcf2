using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Ledger;

/// <summary>More was signed than the database has, as after a restored backup: an owner goes on in a new epoch, and what was before can be read, checked and taken away.</summary>
public sealed class EpochsTests(Browser browser) : ProductTests(browser), IDisposable
{
    private const string MoreThanThereIs = "99999 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= 0\n";
    private readonly DirectoryInfo _guard = Directory.CreateTempSubdirectory("osmoda-guard-");

    public void Dispose() => _guard.Delete(recursive: true);

    [Fact]
    public async Task An_owner_goes_on_in_a_new_epoch_and_the_old_one_can_still_be_read_and_taken_away()
    {
        var product = await StartAsync("--demo", $"--Demo:Password={Demo.Stranger.Password}", $"--Ledger:GuardFolder={_guard.FullName}");
        var window = await OpenAsync(product);
        await Demo.Stranger.SignInAsync(window);
        await window.GoAsync("/ledger");
        await Expect(window.Page.Locator(".perforation").First).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".ledger-epochs")).ToHaveCountAsync(0);
        foreach (var file in _guard.GetFiles())
        {
            await File.AppendAllTextAsync(file.FullName, MoreThanThereIs, TestContext.Current.CancellationToken);
        }

        await window.GoAsync("/ledger?show=sign-ins");
        await Expect(window.Page.GetByText("Nothing is written to the ledger, and no verb is carried out.")).ToBeVisibleAsync();
        await Audit.RunAsync(window);
        await window.Page.Locator("#break-reason").FillAsync("the disk broke");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Begin a new epoch" }).ClickAsync();
        await Expect(window.Page.Locator(".ledger-epochs a")).ToHaveTextAsync(["epoch 2, now", "epoch 1"]);
        await Expect(window.Page.Locator("ledger-memory")).ToContainTextAsync("The ledger has another name than on");

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "epoch 1", Exact = true }).ClickAsync();
        await Expect(window.Page.GetByText("This log has ended. The ledger goes on as epoch 2.")).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".proof .verdict")).ToContainTextAsync("entries verify.");
        await Expect(window.Page.Locator(".entry").First).ToBeVisibleAsync();
        await Audit.RunAsync(window);
        await window.Page.GetByText("Take it with you").ClickAsync();
        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByRole(AriaRole.Button, new() { Name = "File to be checked" }).ClickAsync());
        Assert.DoesNotContain("-2-", download.SuggestedFilename, StringComparison.Ordinal);

        await window.Page.GetByText("By person, day or server").ClickAsync();
        await window.Page.GetByLabel("Who", new() { Exact = true }).FillAsync("theo");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Show these" }).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync($"{product.Address}ledger?epoch=1&who=theo");
        await Expect(window.Page.Locator(".entry-actor").First).ToHaveTextAsync("you");
        await Audit.RunAsync(window);
        Assert.Empty(window.Complaints);
    }
}
