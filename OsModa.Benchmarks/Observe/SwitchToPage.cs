using Microsoft.Playwright;
using OsModa.Benchmarks.Pages;
using OsModa.Benchmarks.Servers;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.Observe;

/// <summary>From the moment in which a switch by hand has turned the link of the running system to the pin in the open page.</summary>
internal sealed class SwitchToPage(LabServer server, IPage page)
{
    private const int WarmUp = 2;
    private const int Measured = 20;

    public Samples Page { get; } = new("switch by hand to pin, ms");

    /// <param name="generations">Two generations of the server to go between.</param>
    /// <param name="selector">CSS selector of where the page says which generation is current.</param>
    /// <param name="pattern">What it says, as a JavaScript regular expression.</param>
    public async Task RunAsync((int First, int Second) generations, string selector, Func<int, string> pattern)
    {
        await using var master = await OpenMaster.OpenAsync(server);
        for (var i = 0; i < WarmUp + Measured; i++)
        {
            var target = i % 2 == 0 ? generations.First : generations.Second;
            await TextWatch.BeginAsync(page, selector, pattern(target));
            await server.SwitchAsync(target, mayFail: true);
            // The link's own time of change: when "activate" turned it, in the middle of the switch.
            var seconds = await master.RunAsync("stat -c %.6Z /run/current-system");
            var shown = await TextWatch.EndAsync(page);
            if (i >= WarmUp)
            {
                Page.Add((shown - (decimal.Parse(seconds) * 1_000_000m is var changed ? (long)changed : 0)) / 1000.0);
            }
        }

        Report.Say(Page.ToString());
    }
}
