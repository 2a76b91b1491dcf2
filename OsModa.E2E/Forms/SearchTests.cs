using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Forms;

/// <summary>What is searched for and what stands in the address of a page: nonsense gets a sentence.</summary>
public sealed class SearchTests(Browser browser, Demo demo)
{
    private static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(60);

    private static readonly (string Path, string Says)[] Addresses =
    [
        ("/?q=%00<script>alert(1)</script>", "No server matches"),
        ("/?tag=no-such-tag", "No server matches"),
        ("/?state=nonsense", "build2"),
        ("/servers/{server}/units?q=nonsense", "No unit matches"),
        ("/servers/{server}/units?type=nonsense", "No unit matches"),
        ("/servers/{server}/units?state=nonsense", "sshd"),
        ("/servers/{server}/units/nonsense", "Not a unit"),
        ("/servers/{server}/units/no-such.service", "has no such unit now"),
        ("/servers/{server}/logs?unit=../../etc/passwd", "This is not the name of a unit"),
        ("/servers/{server}/generations?rollback=99999999999999999999", "It never had one with this number"),
        ("/servers/{server}/generations?operation=00000000-0000-0000-0000-000000000000", "has no operation with this address"),
        ("/servers/{server}/operations/00000000-0000-0000-0000-000000000000", "No such operation"),
    ];

    [Fact]
    public async Task Nonsense_gets_a_sentence()
    {
        var names = await demo.NamesAsync(browser);
        await using var window = await demo.OpenAsync(browser, Demo.Owner);
        var page = window.Page;
        foreach (var (path, says) in Addresses)
        {
            await window.GoAsync(names.Fill(path));
            await Expect(page.Locator("main")).ToContainTextAsync(says);
        }

        var fleet = (await demo.ProductAsync()).Address;
        foreach (var text in new[] { "no-such-server", "'; drop table servers; --", "<img src=x onerror=alert(1)>", new string('x', 300) })
        {
            await page.GetByLabel("Search").FillAsync(text);
            await page.Keyboard.PressAsync("Enter");
            await Until.TrueAsync($"the fleet filtered by {text}", Ceiling, () => Task.FromResult(page.Url == $"{fleet}?q={Uri.EscapeDataString(text)}"));
            await Expect(page.Locator("main")).ToContainTextAsync("No server matches");
        }

        Assert.Empty(window.Complaints);
    }
}
