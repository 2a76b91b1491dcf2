using Microsoft.Playwright;
using OsModa.Benchmarks.Pages;
using OsModa.Benchmarks.Servers;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.Observe;

/// <summary>From systemd's own time of a crash, or of the start that mends it, to the server's state in the open fleet page.</summary>
internal sealed class HealthToFleet(LabServer server, IPage page)
{
    private const int WarmUp = 10;
    private const int Measured = 80;

    public Samples Page { get; } = new("unit to fleet page, ms");

    /// <param name="unit">A trivial service.</param>
    /// <param name="selector">CSS selector of the server's state in its row.</param>
    public async Task RunAsync(string unit, string selector)
    {
        await using var master = await OpenMaster.OpenAsync(server);
        var crash = new UnitChange(unit, $"systemctl kill --signal=KILL {unit}", "failed");
        var start = new UnitChange(unit, $"systemctl start {unit}", "active");
        for (var i = 0; i < WarmUp + Measured; i++)
        {
            var (change, word) = i % 2 == 0 ? (crash, "failed") : (start, "healthy");
            await TextWatch.BeginAsync(page, selector, word);
            var changed = await change.MakeAsync(master);
            var shown = await TextWatch.EndAsync(page);
            if (i >= WarmUp)
            {
                Page.Add((shown - changed) / 1000.0);
            }
        }

        Report.Say(Page.ToString());
    }
}
