using System.Globalization;
using OsModa.Benchmarks.Pages;
using OsModa.Benchmarks.Servers;
using OsModa.E2E.Running;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.Ledger;

/// <summary>From a command that is run by sudo on a real server to its text in the open page of the server's ledger: over journal, SSH, the ledger's disk and the browser.</summary>
internal static class EventToPage
{
    private const int WarmUp = 5;
    private const int Measured = 100;

    public static async Task RunAsync()
    {
        await using var server = await LabServer.UpAsync();
        await using var browser = new Browser();
        await using var product = await Product.StartAsync();
        await using var window = await browser.OpenAsync(product);
        await Somebody.Ann.SetUpAsync(window, await product.SetupLinkAsync());
        await window.GoAsync($"{await Somebody.Ann.AddServerAsync(window, server, "ledger-1")}/ledger");
        await using var master = await OpenMaster.OpenAsync(server);
        var samples = new Samples("event to page, ms");
        for (var number = 0; number < WarmUp + Measured; number++)
        {
            var mark = $"mark-{number:000}";
            await TextWatch.BeginAsync(window.Page, ".tape", $@"\b{mark}(?!\d)");
            // The server's clock is this machine's. Before the command, not after: what sudo itself takes is the event's time too.
            var began = long.Parse((await master.RunAsync($"date +%s%6N; sudo -u nobody /run/current-system/sw/bin/echo {mark} >/dev/null")).Trim(), CultureInfo.InvariantCulture);
            var shown = await TextWatch.EndAsync(window.Page);
            if (number >= WarmUp)
            {
                samples.Add((shown - began) / 1000.0);
            }
        }

        Report.Say(samples.ToString());
        Report.Metric("ledger.event.page.p50", samples.Median, "ms");
        Report.Metric("ledger.event.page.p95", samples.Percentile(95), "ms", 1_500);
    }
}
