using System.Text.Json;
using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Comparing;

/// <summary>The page that compares two generations, in the demo.</summary>
public sealed class ComparisonTests(Browser browser, Demo demo)
{
    // More than any comparison of the demo has rows.
    private const int MostRows = 60;

    [Fact]
    public async Task Keys_lead_from_change_to_change_and_open_texts()
    {
        await using var window = await OpenAsync("/servers/{server}/compare/{older}..{current}");
        var page = window.Page;
        var ids = await page.Locator(".changes > li").EvaluateAllAsync<string[]>("rows => rows.filter(row => row.checkVisibility()).map(row => row.id)");
        Assert.True(ids.Length > 2, "Too few changes to go through.");
        Assert.Equal(ids.Length, ids.Where(id => id.Length > 0).Distinct().Count());

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        Assert.Equal(ids[1], await FocusedAsync(page));
        await page.Keyboard.PressAsync("k");
        Assert.Equal(ids[0], await FocusedAsync(page));

        await GoToTextAsync(page);
        var text = page.Locator($"[id='{await page.EvaluateAsync<string>("document.activeElement.dataset.text")}']");
        var opened = await text.GetAttributeAsync("open") is not null;
        await page.Keyboard.PressAsync("o");
        await Expect(text.Locator(".diff")).ToHaveCountAsync(opened ? 0 : 1);
        await page.Keyboard.PressAsync("Enter");
        await Expect(text.Locator(".diff")).ToHaveCountAsync(opened ? 1 : 0);

        // In a field they are letters.
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("jk");
        await Expect(page.Locator("[data-search=page]")).ToBeFocusedAsync();
        await Expect(page.Locator("[data-search=page]")).ToHaveValueAsync("jk");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task The_address_of_a_change_leads_to_it_with_its_text_open()
    {
        await using var window = await OpenAsync("/servers/{server}/compare/{older}..{current}");
        var page = window.Page;
        await page.Keyboard.PressAsync("j");
        await GoToTextAsync(page);
        var (row, address) = (await FocusedAsync(page), page.Url);

        await page.GotoAsync("about:blank");
        await page.GotoAsync(address);

        await Expect(page.Locator($"[id='{row}']")).ToBeFocusedAsync();
        var text = page.Locator($"[id='{await page.EvaluateAsync<string>("document.activeElement.dataset.text")}']");
        await Expect(text.Locator(".diff")).ToHaveCountAsync(1);
        await text.GetByRole(AriaRole.Button, new() { Name = "side by side" }).ClickAsync();
        await Expect(text.Locator(".diff-sides .diff")).ToHaveCountAsync(2);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_switch_that_can_be_made_is_held_against_a_dry_run()
    {
        await using var window = await OpenAsync("/servers/{server}/compare/{current}..{older}");

        await Expect(window.Page.GetByText("A dry run on the server says")).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Programs_get_what_the_page_shows()
    {
        await using var window = await OpenAsync("/servers/{server}/compare/{older}..{current}");
        var packages = await window.Page.Locator("[id^='package-']").CountAsync();
        var api = new Uri(window.Page.Url).AbsolutePath;

        var answer = await window.Context.APIRequest.GetAsync($"/api/v1{api}");

        Assert.Equal(200, answer.Status);
        using var json = JsonDocument.Parse(await answer.TextAsync());
        Assert.Equal(packages, json.RootElement.GetProperty("packages").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("dryRun").ValueKind);
        var markdown = await window.Context.APIRequest.GetAsync($"/api/v1{api}?as=markdown");
        Assert.StartsWith("## build2: ", await markdown.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_the_dry_run_when_they_ask_for_it_and_may()
    {
        await using var window = await OpenAsync("/servers/{server}/compare/{current}..{older}");
        var api = $"/api/v1{new Uri(window.Page.Url).AbsolutePath}?dryRun=true";

        var answer = await window.Context.APIRequest.GetAsync(api);

        using var json = JsonDocument.Parse(await answer.TextAsync());
        var told = json.RootElement.GetProperty("dryRun");
        Assert.Equal(told.GetProperty("agrees").GetBoolean(), told.GetProperty("disagreements").GetArrayLength() == 0);
        var markdown = await window.Context.APIRequest.GetAsync($"{api}&as=markdown");
        Assert.Contains("dry run on the server says", await markdown.TextAsync(), StringComparison.Ordinal);
        await using var viewer = await demo.OpenAsync(browser, Demo.Viewer);
        Assert.Equal(403, (await viewer.Context.APIRequest.GetAsync(api)).Status);
        var (current, older) = PairOf(window.Page.Url);
        Assert.Equal(409, (await window.Context.APIRequest.GetAsync(api.Replace($"{current}..{older}", $"{older}..{current}", StringComparison.Ordinal))).Status);
    }

    private static (string From, string To) PairOf(string address) => address.Split('/')[^1].Split("..") is [var from, var to] ? (from, to) : throw new ArgumentException("No comparison.", nameof(address));

    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.id");

    private static async Task GoToTextAsync(IPage page)
    {
        for (var row = 0; row < MostRows && !await page.EvaluateAsync<bool>("'text' in document.activeElement.dataset"); row++)
        {
            await page.Keyboard.PressAsync("j");
        }
    }

    private async Task<Window> OpenAsync(string path)
    {
        var names = await demo.NamesAsync(browser);
        var window = await demo.OpenAsync(browser, Demo.Operator);
        await window.GoAsync(names.Fill(path));
        await Expect(window.Page.Locator(".verdict-more")).ToBeVisibleAsync();
        return window;
    }
}
