using OsModa.Benchmarks.Pages;
using OsModa.E2E.Running;
using OsModa.Tests.Lab;
using static Microsoft.Playwright.Assertions;

namespace OsModa.Benchmarks.Observe;

/// <summary>How long news of a server takes to the text in an open page.</summary>
internal static class ObserveBenchmark
{
    public static async Task RunAsync()
    {
        // First the servers: Chromium breaks off what it loads while a network interface appears.
        // A plain server of the lab has a little over 100 units by itself.
        await using var hundred = await LabServer.UpAsync("--units", "10");
        await using var many = await LabServer.UpAsync("--units", "300");
        await using var one = await LabServer.UpAsync("--units", "20");
        await using var browser = new Browser();
        await UnitsAsync(browser, hundred, many);
        await FleetAsync(browser, one);
    }

    private static async Task UnitsAsync(Browser browser, LabServer hundred, LabServer many)
    {
        await using var product = await Product.StartAsync();
        await using var window = await browser.OpenAsync(product);
        await Somebody.Ann.SetUpAsync(window, await product.SetupLinkAsync());
        var address = await Somebody.Ann.AddServerAsync(window, hundred, "units-100");
        var bench = await UnitsAsync(window, hundred, address);
        Report.Metric("observe.unit.page.p50", bench.Page.Median, "ms");
        Report.Metric("observe.unit.page.p95", bench.Page.Percentile(95), "ms", 50);
        Report.Metric("observe.unit.floor.p95", bench.Floor.Percentile(95), "ms");
        await GenerationsAsync(window, hundred, address);
        bench = await UnitsAsync(window, many, await Somebody.Ann.AddServerAsync(window, many, "units-400"));
        Report.Metric("observe.unit400.page.p95", bench.Page.Percentile(95), "ms", 60);
        Report.Metric("observe.unit400.floor.p95", bench.Floor.Percentile(95), "ms");
    }

    private static async Task<UnitsToPage> UnitsAsync(Window window, LabServer server, string address)
    {
        await window.GoAsync($"{address}/units");
        Report.Say($"{await window.Page.Locator("tr[data-unit]").CountAsync()} rows in the page of units");
        var bench = new UnitsToPage(server, window.Page);
        await bench.RunAsync([.. Enumerable.Range(1, 10).Select(n => $"worker-{n:000}.service")], static unit => $"tr[data-unit='{unit}'] .unit-state");
        return bench;
    }

    private static async Task GenerationsAsync(Window window, LabServer server, string address)
    {
        await window.GoAsync($"{address}/generations");
        var bench = new SwitchToPage(server, window.Page);
        // Two generations between which one unit differs.
        await bench.RunAsync((2, 3), ".timeline-head .lead", static number => $@"\bruns {number}\b");
        Report.Metric("observe.generation.page.p95", bench.Page.Percentile(95), "ms", 300);
    }

    private static async Task FleetAsync(Browser browser, LabServer server)
    {
        await using var product = await Product.StartAsync("--demo", $"--Demo:Password={Demo.Owner.Password}", "--Demo:Servers=1000", "--Demo:Quiet=true");
        await using var window = await browser.OpenAsync(product);
        await Demo.Owner.SignInAsync(window);
        // First by name, so that its row stands among the first ones in any state.
        var address = await Demo.Owner.AddServerAsync(window, server, "a0");
        await window.GoAsync("/");
        // Some fifty simulated servers fail at any time and stand before it while it is healthy.
        for (var rows = 30; rows < 150; rows += 30)
        {
            await window.Page.Keyboard.PressAsync("End");
            await Expect(window.Page.Locator("tr:has(.cell-state)").Nth(rows)).ToBeAttachedAsync();
        }

        var bench = new HealthToFleet(server, window.Page);
        await bench.RunAsync([.. Enumerable.Range(1, 20).Select(n => $"worker-{n:000}.service")], $"tr:has(a[href='{address}']) .cell-state");
        Report.Metric("observe.fleet.page.p95", bench.Page.Percentile(95), "ms", 250);
    }
}
