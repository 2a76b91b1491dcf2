using OsModa.Benchmarks.Pages;
using OsModa.E2E.Running;
using static Microsoft.Playwright.Assertions;

namespace OsModa.Benchmarks.Compare;

/// <summary>Opens the sheet of a rollback by one and says when it tells what changes.</summary>
internal sealed class ClickToSheet(Window window, string address)
{
    // It stands below the summary, and nowhere before that is there.
    private const string Summary = ".sheet a[href*='/compare/']";

    /// <summary>Milliseconds from the click on "Roll back" to the summary.</summary>
    public async Task<double> RunAsync()
    {
        await window.GoAsync($"{address}/generations");
        var offer = window.Page.Locator(".timeline-head a.button-primary");
        await Expect(offer).ToBeVisibleAsync();
        return (await FirstSight.AfterClickAsync(window.Page, (await offer.GetAttributeAsync("href"))!, Summary))[0];
    }
}
