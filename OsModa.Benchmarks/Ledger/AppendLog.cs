using System.Diagnostics;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Benchmarks.Ledger;

/// <summary>From the call to the disk: a server's chain in groups, four on their way at a time, and single actions one after the other.</summary>
internal static class AppendLog
{
    private const int GroupSize = 256;
    private const int OnTheirWay = 4;
    private const int Ahead = 8;
    private const int WarmUp = 50;
    private const int Parts = 5;

    public static async Task RunAsync(LedgerStore store, Guid tenant, int events)
    {
        var (server, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        var groups = SampleChain.Rows(events).Select(row => NewRecord.Of(row, ChainFormat.Piped, server, 1, now)).Chunk(GroupSize);
        var times = new Samples("group of 256 to the disk, ms");
        var (rates, p99s) = (new Samples("events/s of a part"), new Samples("p99 of a part, ms"));
        var (part, spent, appended) = (new Samples("part"), TimeSpan.Zero, 0);
        var each = ((events / (Ahead * GroupSize)) - WarmUp) / Parts;

        // Groups are made ahead, eight at a time: making them is not what is measured. The first tenth warms up the code: a dashboard runs for weeks. Then medians of parts, so that
        // a second in which the machine was busy with something else counts as one part.
        foreach (var (turn, ready) in groups.Chunk(Ahead).Index())
        {
            var (took, length) = await AppendAsync(store, tenant, ready);
            if (turn < WarmUp)
            {
                continue;
            }

            took.ForEach(times.Add);
            took.ForEach(part.Add);
            (spent, appended) = (spent + length, appended + ready.Sum(static group => group.Length));
            if ((turn - WarmUp + 1) % each == 0)
            {
                rates.Add(appended / spent.TotalSeconds);
                p99s.Add(part.Percentile(99));
                (part, spent, appended) = (new Samples("part"), TimeSpan.Zero, 0);
            }
        }

        Report.Say(times.ToString());
        Report.Say(rates.ToString());
        Report.Say(p99s.ToString());
        Report.AtLeast("ledger.append", rates.Median, "events/s", 100_000);
        Report.Metric("ledger.append.p99", p99s.Median, "ms", 20);
    }

    public static async Task SingleAsync(LedgerStore store, Guid tenant)
    {
        var times = new Samples("single action to the disk, ms");
        for (var i = 0; i < 100 + 2_000; i++)
        {
            var took = await AppendAsync(store, tenant, [NewRecord.Of(RecordKind.Intent, new ActionBody { Verb = "server.roll-back", Who = "Ann", Why = "It broke" }, tenant, TimeProvider.System.GetUtcNow())]);
            if (i >= 100)
            {
                times.Add(took);
            }
        }

        Report.Say(times.ToString());
        Report.Metric("ledger.action.p99", times.Percentile(99), "ms", 20);
    }

    // Four on their way at a time: what each took, in ms, and all together.
    private static async Task<(List<double> Took, TimeSpan Together)> AppendAsync(LedgerStore store, Guid tenant, NewRecord[][] groups)
    {
        var (took, under, began) = (new List<double>(groups.Length), new Queue<Task<double>>(), Stopwatch.GetTimestamp());
        foreach (var group in groups)
        {
            under.Enqueue(AppendAsync(store, tenant, group));
            if (under.Count == OnTheirWay)
            {
                took.Add(await under.Dequeue());
            }
        }

        while (under.TryDequeue(out var last))
        {
            took.Add(await last);
        }

        return (took, Stopwatch.GetElapsedTime(began));
    }

    private static async Task<double> AppendAsync(LedgerStore store, Guid tenant, NewRecord[] records)
    {
        var began = Stopwatch.GetTimestamp();
        await store.AppendAsync(tenant, records, default);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
