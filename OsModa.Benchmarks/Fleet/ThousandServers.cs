using System.Diagnostics;
using System.Net;
using OsModa.Benchmarks.Circuits;
using OsModa.Benchmarks.Costs;
using OsModa.E2E.Running;

namespace OsModa.Benchmarks.Fleet;

/// <summary>One process with a thousand servers, each with a heartbeat a second and a change of a unit every ten, watched by open fleet pages.</summary>
internal static class ThousandServers
{
    private const int Servers = 1000;
    private const int Pages = 50;
    private const double MostCores = 0.5;
    private const double MostMebibytes = 572; // 600 MB
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(60);

    public static async Task RunAsync()
    {
        await using var product = await Product.StartAsync("--demo", $"--Demo:Password={Demo.Owner.Password}", $"--Demo:Servers={Servers}", "--Demo:Quiet=true");
        var cookies = await SignInAsync(product);
        using var handler = new HttpClientHandler { CookieContainer = cookies };
        using var client = new HttpClient(handler);
        var circuits = new List<Circuit>();
        try
        {
            for (var i = 0; i < Pages; i++)
            {
                circuits.Add(await Circuit.OpenAsync(client, cookies, product.Address));
            }

            Report.Say($"{circuits.Count} fleet pages open; warming up for {WarmUp.TotalSeconds} s, then measuring for {Measured.TotalSeconds} s");
            await Task.Delay(WarmUp);
            await MeasureAsync(product, circuits);
        }
        finally
        {
            foreach (var circuit in circuits)
            {
                await circuit.DisposeAsync();
            }
        }
    }

    private static async Task MeasureAsync(Product product, List<Circuit> circuits)
    {
        var (cpu, batches, bytes, began) = (ProcessCost.CpuOf(product.ProcessId), circuits.Sum(c => c.Batches), circuits.Sum(c => c.Bytes), Stopwatch.GetTimestamp());
        var resident = new Samples("RSS, MiB");
        while (Stopwatch.GetElapsedTime(began) < Measured)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            resident.Add(ProcessCost.Of(product.ProcessId).ResidentBytes / 1048576.0);
        }

        var wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var lost = circuits.Count(c => c.Ended.IsCompleted);
        Report.Say($"{(circuits.Sum(c => c.Batches) - batches) / wall / Pages:0.0} render batches a second and page, {(circuits.Sum(c => c.Bytes) - bytes) / wall / 1024:0} KiB/s in all, {lost} pages lost; {resident}");
        Report.Metric("fleet.servers", Servers, "servers");
        Report.Metric("fleet.cpu", (ProcessCost.CpuOf(product.ProcessId) - cpu).TotalSeconds / wall, "cores", MostCores);
        Report.Metric("fleet.rss", resident.Percentile(100), "MiB", MostMebibytes);
        Report.Metric("fleet.pages", Pages - lost, "pages");
    }

    private static async Task<CookieContainer> SignInAsync(Product product)
    {
        await using var browser = new Browser();
        await using var window = await browser.OpenAsync(product);
        await Demo.Owner.SignInAsync(window);
        var cookies = new CookieContainer();
        foreach (var cookie in await window.Context.CookiesAsync())
        {
            cookies.Add(product.Address, new Cookie(cookie.Name, cookie.Value, "/"));
        }

        return cookies;
    }
}
