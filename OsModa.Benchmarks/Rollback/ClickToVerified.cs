using Microsoft.Playwright;
using OsModa.Benchmarks.Pages;
using OsModa.Benchmarks.Servers;
using OsModa.E2E.Running;
using static Microsoft.Playwright.Assertions;

namespace OsModa.Benchmarks.Rollback;

/// <summary>A rollback as people do it: open the sheet, read what would happen, click, and look until it says "verified".</summary>
internal sealed class ClickToVerified(Window window, string address, OpenMaster server)
{
    // The browser's own time of the click, of the same clock as the time at which the text appears.
    private const string NoteClick = """
        () => document.querySelector('.sheet-foot button[type=submit]')
            .addEventListener('click', event => { window.benchClicked = performance.timeOrigin + event.timeStamp; }, { once: true, capture: true })
        """;

    public async Task<ClickTimes> RunAsync(int generation)
    {
        var page = window.Page;
        await window.GoAsync($"{address}/generations?rollback={generation}");
        // The preview stands: who clicks before would have the switch wait for the dry run of the preview.
        await Expect(page.Locator(".sheet-body h3", new PageLocatorOptions { HasText = "Checks" })).ToBeVisibleAsync();
        var nevertheless = page.Locator(".sheet-body .tick[type=checkbox]");
        if (await nevertheless.IsVisibleAsync())
        {
            await nevertheless.CheckAsync(); // it was left by going back, which counts as a reason against it
            await page.Locator("#reason").FillAsync("To and fro");
            await page.Locator("#reason").BlurAsync();
        }

        // A generation that is newer than what runs would be looked at for ten seconds more; what is measured is a way back.
        await page.Locator(".plan-fold summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "One look, then a minute" }).ClickAsync();
        await page.EvaluateAsync(NoteClick);
        await TextWatch.BeginAsync(page, ".outcome", "verified");
        await page.Locator(".sheet-foot button[type=submit]").ClickAsync();
        var shown = await TextWatch.EndAsync(page);
        var clicked = await page.EvaluateAsync<double>("() => window.benchClicked");
        var operation = new Uri(page.Url).Query.Split("operation=")[1];
        var journal = await server.RunAsync($"cat /var/lib/osmoda/operations/{operation}/journal");
        var wall = journal.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line.Split('\t')[1])).ToList();
        return new ClickTimes((long)(clicked * 1000), wall[0], wall[^1], shown, journal);
    }

    /// <summary>Waits until a switch by hand is seen in the page of generations, so that the next sheet is of what runs.</summary>
    /// <param name="number">Of the generation that the profile then has.</param>
    public async Task SeenAsync(int number)
    {
        await window.GoAsync($"{address}/generations");
        await Expect(window.Page.Locator(".timeline-head .lead")).ToContainTextAsync($"runs {number} and");
    }
}

/// <summary>Microseconds since 1970 of one rollback.</summary>
/// <param name="Clicked">In the browser.</param>
/// <param name="Begun">First line of the server's journal of it.</param>
/// <param name="Done">Its last line.</param>
/// <param name="Shown">"verified" in the page.</param>
/// <param name="Journal">The server's journal of it.</param>
internal sealed record ClickTimes(long Clicked, long Begun, long Done, long Shown, string Journal);
