using System.Diagnostics;
using System.Text;
using OsModa.Benchmarks.Servers;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using OsModa.E2E.Running;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.Compare;

/// <summary>
/// From the click on "what changed" to the first rows and to the whole comparison in the page, for pairs of systems of 3,000 store paths of
/// which 300 differ on each side; and <c>nix store diff-closures</c> on the same pair over an open connection. The two take turns; no pair is
/// compared twice, since the product keeps what it has read. Then from the click on "Roll back" to what changes, which was read before.
/// </summary>
internal static class CompareBenchmark
{
    private const int WarmUp = 3;
    private const int Measured = 30;

    public static async Task RunAsync()
    {
        await using var server = await LabServer.UpAsync("--store", "big");
        await using var browser = new Browser();
        await using var product = await Product.StartAsync();
        await using var window = await browser.OpenAsync(product);
        await Somebody.Ann.SetUpAsync(window, await product.SetupLinkAsync());
        var address = await Somebody.Ann.AddServerAsync(window, server, "web1");
        await using var master = await OpenMaster.OpenAsync(server);
        var pairs = await SystemPairs.FindAsync(master);
        Report.Say($"{pairs.Count} pairs; the first: {pairs[0]}");
        await MeasureAsync(new ClickToRows(window, address), master, pairs);
        await SheetAsync(new ClickToSheet(window, address));
        await EngineAsync(master, pairs);
        await CountAsync(master, pairs[0]);
    }

    private static async Task MeasureAsync(ClickToRows page, OpenMaster master, IReadOnlyList<SystemPair> pairs)
    {
        var (first, all, bare) = (new Samples("click to first rows, ms"), new Samples("click to everything, ms"), new Samples("diff-closures, ms"));
        for (var i = 0; i < WarmUp + Measured; i++)
        {
            var pair = pairs[i % pairs.Count];
            var began = Stopwatch.GetTimestamp();
            await DiffClosures.RunAsync(master, pair);
            var took = Stopwatch.GetElapsedTime(began);
            var (rows, whole) = await page.RunAsync(pair);
            if (i >= WarmUp)
            {
                bare.Add(took.TotalMilliseconds);
                first.Add(rows);
                all.Add(whole);
            }
        }

        foreach (var samples in new[] { first, all, bare })
        {
            Report.Say(samples.ToString());
        }

        Report.Metric("compare.first_rows.p50", first.Median, "ms", 250);
        Report.Metric("compare.all.p50", all.Median, "ms", 1_000);
        Report.Metric("compare.diff_closures.p50", bare.Median, "ms");
    }

    private static async Task SheetAsync(ClickToSheet sheet)
    {
        var samples = new Samples("click to the summary in the sheet, ms");
        for (var i = 0; i < WarmUp + Measured; i++)
        {
            var took = await sheet.RunAsync();
            if (i >= WarmUp)
            {
                samples.Add(took);
            }
        }

        Report.Say(samples.ToString());
        Report.Metric("compare.sheet.p50", samples.Median, "ms", 300);
        Report.Metric("compare.sheet.p95", samples.Percentile(95), "ms", 300);
    }

    private static async Task EngineAsync(OpenMaster server, IReadOnlyList<SystemPair> pairs)
    {
        var engine = new Samples("engine alone, ms");
        var (from, to) = await ClosuresAsync(server, pairs[0]);
        for (var i = 0; i < 20 + 200; i++)
        {
            var began = Stopwatch.GetTimestamp();
            PackageComparison.Between(from, to);
            if (i >= 20)
            {
                engine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        Report.Say(engine.ToString());
        Report.Metric("compare.engine.p50", engine.Median, "ms", 15);
    }

    /// <summary>How many of the paths that only one of the two systems needs are told of: by us, and by diff-closures.</summary>
    private static async Task CountAsync(OpenMaster server, SystemPair pair)
    {
        var (from, to) = await ClosuresAsync(server, pair);
        var (old, @new) = (from.Paths.Select(info => info.Path).ToHashSet(), to.Paths.Select(info => info.Path).ToHashSet());
        var differing = old.Except(@new).Concat(@new.Except(old)).ToList();
        var ours = PackageComparison.Between(from, to).Changes.SelectMany(change => change.OnlyFrom.Concat(change.OnlyTo)).Select(path => path.Path).Distinct().Count();
        var names = (await DiffClosures.RunAsync(server, pair)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        Report.Metric("compare.changes.true", differing.Count, "paths");
        Report.Metric("compare.changes.ours", ours, "paths");
        Report.Metric("compare.changes.diff_closures", differing.Count(path => names.Contains(DiffClosures.NameOf(path))), "paths");
    }

    private static async Task<(Closure From, Closure To)> ClosuresAsync(OpenMaster server, SystemPair pair) => (await ReadAsync(server, pair.From), await ReadAsync(server, pair.To));

    private static async Task<Closure> ReadAsync(OpenMaster server, StorePath system)
    {
        var json = await server.RunAsync($"nix --extra-experimental-features nix-command path-info --json --recursive {system} 2>/dev/null");
        return new Closure(system, [.. PathInfoJson.Parse(Encoding.UTF8.GetBytes(json)).Values]);
    }
}
