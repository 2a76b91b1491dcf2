using Microsoft.Playwright;

namespace OsModa.Benchmarks.Pages;

/// <summary>Says when elements first appear in a page after a click on a link, by a MutationObserver in the page.</summary>
internal static class FirstSight
{
    private const string Begin = """
        selectors => {
            if (document.querySelector(selectors.at(-1))) { throw new Error('the page showed it before the click'); }
            const seen = selectors.map(() => null);
            window.benchSeen = new Promise(resolve => {
                const observer = new MutationObserver(() => {
                    const at = performance.timeOrigin + performance.now();
                    selectors.forEach((selector, i) => { if (seen[i] === null && document.querySelector(selector)) { seen[i] = at; } });
                    if (seen.every(time => time !== null)) { observer.disconnect(); resolve(seen); }
                });
                observer.observe(document.body, { subtree: true, childList: true });
            });
        }
        """;

    private const string Click = """
        address => {
            let link = document.querySelector(`a[href="${address}"]`);
            if (!link) {
                link = document.createElement('a');
                link.href = address;
                document.body.append(link);
            }
            const at = performance.timeOrigin + performance.now();
            link.click();
            return at;
        }
        """;

    private const string End = """
        async ceiling => Promise.race([window.benchSeen, new Promise((_, late) => setTimeout(() => late(new Error('the page never showed it')), ceiling))])
        """;

    /// <summary>Clicks the link to <paramref name="address"/>, one of the page's own if it has it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="address">As links within the page name it.</param>
    /// <param name="selectors">CSS of what is waited for; the last is not there before the click.</param>
    /// <returns>Milliseconds from the click until each was there.</returns>
    public static async Task<IReadOnlyList<double>> AfterClickAsync(IPage page, string address, params string[] selectors)
    {
        await page.EvaluateAsync(Begin, selectors);
        var clicked = await page.EvaluateAsync<double>(Click, address);
        var seen = await page.EvaluateAsync<double[]>(End, 20_000);
        return [.. seen.Select(at => at - clicked)];
    }
}
