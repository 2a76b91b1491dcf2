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

    /// <param name="units">Trivial services, enough that none is started five times in ten seconds, which systemd refuses.</param>
    /// <param name="selector">CSS selector of the server's state in its row.</param>
    public async Task RunAsync(IReadOnlyList<string> units, string selector)
    {
        await using var master = await OpenMaster.OpenAsync(server);
        for (var i = 0; i < WarmUp + Measured; i++)
        {
            var unit = units[i / 2 % units.Count];
            var (change, word) = i % 2 == 0
                ? (new UnitChange(unit, $"kill -KILL $(systemctl show --property=MainPID --value {unit})", "failed"), "failed")
                : (new UnitChange(unit, $"systemctl start {unit}", "active"), "healthy");
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
