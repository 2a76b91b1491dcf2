using Microsoft.Playwright;
using OsModa.Benchmarks.Pages;
using OsModa.Benchmarks.Servers;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.Observe;

/// <summary>From systemd's own time of a unit's change to the text in the open page; and, of the same changes, to a bare reader of the bus.</summary>
internal sealed class UnitsToPage(LabServer server, IPage page)
{
    private const int WarmUp = 12;
    private const int Measured = 96;

    public Samples Page { get; } = new("unit to page, ms");

    public Samples Floor { get; } = new("unit to bare reader, ms");

    /// <param name="units">Trivial services whose rows stand in the page.</param>
    /// <param name="selector">CSS selector of a unit's row.</param>
    public async Task RunAsync(IReadOnlyList<string> units, Func<string, string> selector)
    {
        await using var master = await OpenMaster.OpenAsync(server);
        await using var bare = BusReader.Open(master);
        var number = 0;
        foreach (var change in UnitChange.Series(units, WarmUp + Measured))
        {
            await TextWatch.BeginAsync(page, selector(change.Unit), change.Pattern);
            var changed = await change.MakeAsync(master);
            var shown = await TextWatch.EndAsync(page);
            if (number++ >= WarmUp)
            {
                Page.Add((shown - changed) / 1000.0);
                Floor.Add((await bare.ArrivalOfAsync(changed, change.State) - changed) / 1000.0);
            }
        }

        Report.Say(Page.ToString());
        Report.Say(Floor.ToString());
    }
}
