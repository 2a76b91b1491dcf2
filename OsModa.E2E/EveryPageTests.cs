using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E;

/// <summary>What every page owes everybody: readable with any eyes, on any screen, in both themes, without an error in the console.</summary>
public sealed class EveryPageTests(Browser browser, Demo demo)
{
    /// <summary>Pages by name: who looks, and where. <c>{server}</c> is a healthy server of the demo, <c>{failed}</c> one that is not.</summary>
    public static TheoryData<string, string?, string> Pages { get; } = new()
    {
        { "sign in", null, "/sign-in" },
        { "setup link that is used up", null, "/setup?code=nonsense" },
        { "fleet", "owner", "/" },
        { "fleet, filtered", "owner", "/?state=failed" },
        { "fleet, nothing found", "owner", "/?q=no-such-server" },
        { "operations", "owner", "/operations" },
        { "overview", "owner", "/servers/{server}" },
        { "generations", "owner", "/servers/{server}/generations" },
        { "units", "owner", "/servers/{server}/units" },
        { "operations of a server", "owner", "/servers/{server}/operations" },
        { "overview of a failed server", "owner", "/servers/{failed}" },
        { "units of a failed server", "owner", "/servers/{failed}/units" },
        { "fleet of a viewer", "viewer", "/" },
        { "generations of a viewer", "viewer", "/servers/{server}/generations" },
        { "not found", "owner", "/no-such-page" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Is_accessible_and_fits_in_both_themes_on_desktop_and_phone(string name, string? who, string path)
    {
        Assert.NotEmpty(name);
        await using var window = await demo.OpenAsync(browser, who switch { null => null, "viewer" => Demo.Viewer, _ => Demo.Owner });
        var page = window.Page;
        await page.GotoAsync(await FillAsync(path, page));
        if (who is not null && path != "/no-such-page")
        {
            await window.InteractiveAsync();
        }

        await Expect(page.Locator("h1")).ToHaveCountAsync(1);
        foreach (var look in new[] { Look.Desktop, Look.Desktop with { Dark = true }, Look.Phone, Look.Phone with { Dark = true } })
        {
            await page.SetViewportSizeAsync(look.Width, look.Height);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light });
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{look}: scrolls sideways");
            var violations = (await page.RunAxe()).Violations;
            Assert.True(violations.Length == 0, $"{look}: {string.Join('\n', violations.Select(v => $"{v.Id}: {v.Help}\n  {string.Join("\n  ", v.Nodes.Select(n => n.Html))}"))}");
        }

        Assert.Empty(window.Complaints);
    }

    private static async Task<string> FillAsync(string path, IPage page)
    {
        foreach (var (place, state) in new[] { ("{server}", "healthy"), ("{failed}", "failed") })
        {
            if (path.Contains(place, StringComparison.Ordinal))
            {
                await page.GotoAsync($"/?state={state}");
                var href = await page.Locator("table a.server-name").First.GetAttributeAsync("href");
                path = path.Replace($"/servers/{place}", href, StringComparison.Ordinal);
            }
        }

        return path;
    }
}
