using OsModa.Benchmarks.Servers;
using OsModa.E2E.Running;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.Rollback;

/// <summary>
/// From the click to "verified" in the page, against the commands that somebody would type, over an open connection, on the same server.
/// The two take turns, and each goes as often forward as back.
/// </summary>
internal static class RollbackBenchmark
{
    // What is measured is a dashboard that has run for a while: for so many rounds the compiler of its runtime takes half of one of two cores.
    private const int WarmUp = 28;
    private const int Measured = 40;
    private const double MostRatio = 1.3;

    // Two generations between which one unit differs.
    private static readonly int[] Generations = [2, 3];

    public static async Task RunAsync()
    {
        // First the server: Chromium breaks off what it loads while a network interface appears.
        await using var server = await LabServer.UpAsync();
        await using var browser = new Browser();
        await using var product = await Product.StartAsync();
        await using var window = await browser.OpenAsync(product);
        await Somebody.Ann.SetUpAsync(window, await product.SetupLinkAsync());
        var address = await Somebody.Ann.AddServerAsync(window, server, "web1");
        await using var master = await OpenMaster.OpenAsync(server);
        var click = new ClickToVerified(window, address, master);
        await click.SeenAsync((await BareSwitch.RunAsync(master, Generations[0])).Number);
        await MeasureAsync(click, master);
    }

    private static async Task MeasureAsync(ClickToVerified click, OpenMaster master)
    {
        var (page, before, on, after, bare) = (new Samples("click to verified, s"), new Samples("  click to begin on the server, s"), new Samples("  on the server, s"), new Samples("  end on the server to verified, s"), new Samples("bare commands, s"));
        var stages = StageTimes.Names.Select(name => new Samples($"    {name}, s")).ToList();
        for (var i = 0; i < WarmUp + Measured; i++)
        {
            // Forward by click, back by hand, forward by hand, back by click.
            var target = Generations[(i + 1) % 2];
            if (i % 4 is 0 or 3)
            {
                var times = await click.RunAsync(target);
                Add(i, page, times.Shown - times.Clicked);
                Add(i, before, times.Begun - times.Clicked);
                Add(i, on, times.Done - times.Begun);
                Add(i, after, times.Shown - times.Done);
                foreach (var (samples, name) in stages.Zip(StageTimes.Names))
                {
                    Add(i, samples, StageTimes.Of(times.Journal, name));
                }
            }
            else
            {
                var (took, number) = await BareSwitch.RunAsync(master, target);
                Add(i, bare, took.TotalMicroseconds);
                await click.SeenAsync(number);
            }
        }

        foreach (var samples in (Samples[])[page, before, on, .. stages, after, bare])
        {
            Report.Say(samples.ToString());
        }

        Report.Metric("rollback.page.p50", page.Median, "s");
        Report.Metric("rollback.bare.p50", bare.Median, "s");
        Report.Metric("rollback.ratio.p50", page.Median / bare.Median, "x", MostRatio);
    }

    private static void Add(int round, Samples samples, double microseconds)
    {
        if (round >= WarmUp)
        {
            samples.Add(microseconds / 1_000_000);
        }
    }
}
