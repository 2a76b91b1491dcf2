using OsModa.Benchmarks.Pages;
using OsModa.E2E.Running;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.Observe;

/// <summary>How long news of a server takes to the text in an open page.</summary>
internal static class ObserveBenchmark
{
    public static async Task RunAsync()
    {
        await using var browser = new Browser();
        await UnitsAsync(browser);
    }

    private static async Task UnitsAsync(Browser browser)
    {
        await using var product = await Product.StartAsync();
        await using var window = await browser.OpenAsync(product);
        await Somebody.Ann.SetUpAsync(window, await product.SetupLinkAsync());
        // A plain server of the lab has a little over 100 units by itself.
        foreach (var (rows, workers, prefix) in new[] { (100, 10, "observe.unit"), (400, 300, "observe.unit400") })
        {
            await using var server = await LabServer.UpAsync("--units", workers.ToString());
            var address = await Somebody.Ann.AddServerAsync(window, server, $"units-{rows}");
            await window.GoAsync($"{address}/units");
            var bench = new UnitsToPage(server, window.Page);
            Report.Say($"{await window.Page.Locator("tr[data-unit]").CountAsync()} rows in the page of units");
            await bench.RunAsync([.. Enumerable.Range(1, 10).Select(n => $"worker-{n:000}.service")], static unit => $"tr[data-unit='{unit}'] .unit-state");
            if (rows == 100)
            {
                Report.Metric("observe.unit.page.p50", bench.Page.Median, "ms");
                Report.Metric("observe.unit.floor.p95", bench.Floor.Percentile(95), "ms");
            }

            Report.Metric($"{prefix}.page.p95", bench.Page.Percentile(95), "ms");
        }
    }
}
