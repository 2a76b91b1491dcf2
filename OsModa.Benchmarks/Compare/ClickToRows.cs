using OsModa.Benchmarks.Pages;
using OsModa.E2E.Running;
using static Microsoft.Playwright.Assertions;

namespace OsModa.Benchmarks.Compare;

/// <summary>Goes to a comparison by a link within the page, as people do, and says when its first rows and when all of it are there.</summary>
internal sealed class ClickToRows(Window window, string address)
{
    /// <summary>Milliseconds from the click to the first rows, and to the last part.</summary>
    public async Task<(double Rows, double Whole)> RunAsync(SystemPair pair)
    {
        await window.GoAsync($"{address}/generations");
        await Expect(window.Page.Locator(".generation").First).ToBeVisibleAsync();
        var seen = await FirstSight.AfterClickAsync(window.Page, $"{address}/compare/{pair.Old}..{pair.New}", ".changes > li", ".verdict-more");
        return (seen[0], seen[1]);
    }
}
