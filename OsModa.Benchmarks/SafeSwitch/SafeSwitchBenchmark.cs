using OsModa.Core.SafeSwitch;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.SafeSwitch;

/// <summary>From the trouble to the old generation being well again, by the server's own clock, for each kind of bad change; in turn with the bare way back.</summary>
internal static class SafeSwitchBenchmark
{
    private const int WarmUp = 1;
    private static readonly string[] Parts = ["noticed", "decided", "switched", "recovered"];

    public static async Task RunAsync(int runs)
    {
        await using var machine = await LabServer.UpAsync("--store", "troubles");
        var console = new ConsoleSwitch(machine);
        var floor = new Samples("bare way back, s");
        var all = RecoveryCase.All.ToDictionary(c => c.Name, c => Parts.Select(part => new Samples($"{c.Name} {part}, s")).ToArray());
        for (var i = -WarmUp; i < runs; i++)
        {
            foreach (var kind in RecoveryCase.All)
            {
                await console.StartAfreshAsync("healthy");
                var bare = await BareReturn.RunAsync(machine);
                var progress = await console.EndedAsync(await console.StartAsync(kind.Idea, kind.Plan), TimeSpan.FromMinutes(2));
                var times = kind.Times(progress!);
                if (i >= 0)
                {
                    floor.Add(bare);
                    Add(all[kind.Name], times);
                }
            }
        }

        foreach (var samples in all.Values.SelectMany(s => s).Append(floor))
        {
            Report.Say(samples.ToString());
        }

        foreach (var kind in RecoveryCase.All)
        {
            Tell(kind, all[kind.Name]);
        }

        Report.Metric("safeswitch.floor.p50", floor.Median, "s");
        Report.Metric("safeswitch.runs", runs, "runs");
    }

    private static void Add(Samples[] parts, RecoveryTimes times)
    {
        parts[0].Add(times.Noticed.TotalSeconds);
        parts[1].Add(times.Decided.TotalSeconds);
        parts[2].Add(times.SwitchedBack.TotalSeconds);
        parts[3].Add(times.Verified.TotalSeconds);
    }

    private static void Tell(RecoveryCase kind, Samples[] parts)
    {
        var name = $"safeswitch.{kind.Name}";
        Metric($"{name}.recovered.p50", parts[3].Median, kind.Median);
        Metric($"{name}.recovered.p95", parts[3].Percentile(95), kind.P95);
        Metric($"{name}.recovered.max", parts[3].Percentile(100), kind.Most);
        Metric($"{name}.noticed.p95", parts[0].Percentile(95), kind.NoticedP95);
        Report.Metric($"{name}.decided.p50", parts[1].Median, "s");
        Report.Metric($"{name}.switched.p50", parts[2].Median, "s");
    }

    private static void Metric(string name, double value, double? limit)
    {
        if (limit is { } most)
        {
            Report.Metric(name, value, "s", most);
        }
        else
        {
            Report.Metric(name, value, "s");
        }
    }
}
