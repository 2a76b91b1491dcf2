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

    public static async Task RunAsync(LedgerStore store, Guid tenant, int events)
    {
        var (server, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        var groups = SampleChain.Rows(events).Select(row => NewRecord.Of(row, ChainFormat.Piped, server, 1, now)).Chunk(GroupSize);
        const string name = "group of 256 to the disk, ms";
        var times = new Samples(name);
        var spent = TimeSpan.Zero;

        // Groups are made ahead, eight at a time: making them is not what is measured. The first tenth warms up the code: a dashboard runs for weeks.
        foreach (var (turn, ready) in groups.Chunk(Ahead).Index())
        {
            if (turn == WarmUp)
            {
                (times, spent) = (new Samples(name), TimeSpan.Zero);
            }

            var began = Stopwatch.GetTimestamp();
            var under = new Queue<Task<double>>();
            foreach (var group in ready)
            {
                under.Enqueue(AppendAsync(store, tenant, group));
                if (under.Count == OnTheirWay)
                {
                    times.Add(await under.Dequeue());
                }
            }

            while (under.TryDequeue(out var last))
            {
                times.Add(await last);
            }

            spent += Stopwatch.GetElapsedTime(began);
        }

        Report.Say(times.ToString());
        Report.AtLeast("ledger.append", (events - (WarmUp * Ahead * GroupSize)) / spent.TotalSeconds, "events/s", 100_000);
        Report.Metric("ledger.append.p99", times.Percentile(99), "ms", 20);
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

    private static async Task<double> AppendAsync(LedgerStore store, Guid tenant, NewRecord[] records)
    {
        var began = Stopwatch.GetTimestamp();
        await store.AppendAsync(tenant, records, default);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
