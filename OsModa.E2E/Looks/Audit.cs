using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Looks;

/// <summary>What every page owes everybody: readable with any eyes, on any screen, in both themes, without an error in the console.</summary>
internal static class Audit
{
    // The wrapper's own way of running axe opens a page and asks for all that was right as well: three times as long.
    private const string Run =
        """
        async () => (await axe.run(document, { resultTypes: ["violations"], iframes: false })).violations
          .map(found => found.id + ": " + found.help + found.nodes.map(node => "\n  " + node.html).join(""))
        """;

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // A theme changes colours, a screen changes places, and neither changes the other: two looks try both of each.
    private static readonly Look[] Looks = [Look.Desktop, Look.Phone with { Dark = true }];

    /// <summary>Looks at what is open now on a light desktop and a dark phone.</summary>
    public static async Task RunAsync(Window window)
    {
        var page = window.Page;
        await Expect(page.Locator("h1")).ToHaveCountAsync(1);
        await PrepareAsync(page);
        foreach (var look in Looks)
        {
            await page.SetViewportSizeAsync(look.Width, look.Height);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light });
            Assert.True(await FitsAsync(page), $"{page.Url} {look}: scrolls sideways because of {string.Join(", ", await TooWideAsync(page))}");
            Assert.Empty(await TooNarrowAsync(page));
            var violations = await ViolationsAsync(page);
            Assert.True(violations.Length == 0, $"{page.Url} {look}: {string.Join('\n', violations)}");
        }

        Assert.Empty(window.Complaints);
    }

    /// <summary>What axe finds, after <see cref="PrepareAsync"/>.</summary>
    public static Task<string[]> ViolationsAsync(IPage page) => page.EvaluateAsync<string[]>(Run);

    /// <summary>Puts axe into the page.</summary>
    public static Task PrepareAsync(IPage page) => page.EvaluateAsync(Axe);

    private static Task<string[]> TooWideAsync(IPage page) => page.EvaluateAsync<string[]>(
        "[...document.querySelectorAll('body *')].filter(part => part.getBoundingClientRect().right > innerWidth).map(part => `${part.tagName.toLowerCase()}.${part.className}`).slice(-20)");

    // Beside its text a select has its arrow and its padding: one that is narrower than this shows none of what is chosen.
    private static Task<string[]> TooNarrowAsync(IPage page) => page.EvaluateAsync<string[]>(
        "[...document.querySelectorAll('main select')].filter(part => part.checkVisibility() && part.getBoundingClientRect().width < 64).map(part => part.getAttribute('aria-label') ?? part.id)");

    /// <summary>Nothing scrolls sideways.</summary>
    public static Task<bool> FitsAsync(IPage page) => page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth");
}
