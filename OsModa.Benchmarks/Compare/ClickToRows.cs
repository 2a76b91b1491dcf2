using Microsoft.Playwright;
using OsModa.E2E.Running;
using static Microsoft.Playwright.Assertions;

namespace OsModa.Benchmarks.Compare;

/// <summary>Goes to a comparison by a link within the page, as people do, and says when its first rows and when all of it are there.</summary>
internal sealed class ClickToRows(Window window, string address)
{
    private const string Begin = """
        () => {
            const rows = new Promise(resolve => window.benchRows = resolve), whole = new Promise(resolve => window.benchWhole = resolve);
            const look = () => {
                const now = performance.timeOrigin + performance.now();
                if (document.querySelector('.changes > li')) { window.benchRows(now); }
                if (document.querySelector('.verdict-more')) { window.benchWhole(now); observer.disconnect(); }
            };
            const observer = new MutationObserver(look);
            observer.observe(document.body, { subtree: true, childList: true });
            window.benchDone = Promise.all([rows, whole]);
        }
        """;

    private const string Click = """
        address => {
            const link = document.createElement('a');
            link.href = address;
            document.body.append(link);
            const at = performance.timeOrigin + performance.now();
            link.click();
            return at;
        }
        """;

    private const string End = """
        async ceiling => Promise.race([window.benchDone, new Promise((_, late) => setTimeout(() => late(new Error('the page never showed it')), ceiling))])
        """;

    /// <summary>Milliseconds from the click to the first rows, and to the last part.</summary>
    public async Task<(double Rows, double Whole)> RunAsync(SystemPair pair)
    {
        var page = window.Page;
        await window.GoAsync($"{address}/generations");
        await Expect(page.Locator(".generation").First).ToBeVisibleAsync();
        await page.EvaluateAsync(Begin);
        var clicked = await page.EvaluateAsync<double>(Click, $"{address}/compare/{pair.Old}..{pair.New}");
        var seen = await page.EvaluateAsync<double[]>(End, 20_000);
        return (seen[0] - clicked, seen[1] - clicked);
    }
}
