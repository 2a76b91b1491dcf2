using Microsoft.Playwright;

namespace OsModa.Benchmarks.Pages;

/// <summary>Says when an element of a page first shows what is expected, by a MutationObserver in the page.</summary>
internal static class TextWatch
{
    // The callback runs as a microtask after the change to the document; performance.now() has a resolution of 0.1 ms here.
    private const string Begin = """
        ({ selector, pattern }) => {
            const expected = new RegExp(pattern);
            const shows = () => expected.test(document.querySelector(selector)?.textContent ?? '');
            window.benchLooked = () => document.querySelector(selector)?.textContent?.trim().slice(0, 300) ?? `there is no ${selector}`;
            window.benchShown = new Promise(resolve => {
                if (shows()) { resolve(null); return; }
                const observer = new MutationObserver(() => {
                    if (!shows()) { return; }
                    const at = performance.timeOrigin + performance.now();
                    observer.disconnect();
                    resolve(at);
                });
                observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
            });
        }
        """;

    private const string End = """
        async ceiling => Promise.race([window.benchShown, new Promise((_, late) => setTimeout(() => late(new Error(`the page never showed it: ${window.benchLooked()}`)), ceiling))])
        """;

    /// <summary>Starts watching; call before the change is made.</summary>
    /// <param name="page">The page.</param>
    /// <param name="selector">CSS; the element may be replaced meanwhile.</param>
    /// <param name="pattern">JavaScript regular expression on its text.</param>
    public static Task BeginAsync(IPage page, string selector, string pattern) => page.EvaluateAsync(Begin, new { selector, pattern });

    /// <summary>Microseconds since 1970 when the text appeared.</summary>
    /// <exception cref="InvalidOperationException">It stood there before the change, or did not come within 20 s.</exception>
    public static async Task<long> EndAsync(IPage page) =>
        await page.EvaluateAsync<double?>(End, 20_000) is { } milliseconds
            ? (long)(milliseconds * 1000)
            : throw new InvalidOperationException("The page showed the text before the change was made.");
}
