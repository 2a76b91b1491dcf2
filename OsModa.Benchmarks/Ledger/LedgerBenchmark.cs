using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Benchmarks.Costs;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
using OsModa.Core.Storage;

namespace OsModa.Benchmarks.Ledger;

/// <summary>
/// The ledger alone, in this process, over a database on the disk: events of 250 bytes in groups and single actions appended, the whole log verified, proofs made and
/// checked. Beside it what the machine's SHA-256 could do at best with the same hashes.
/// </summary>
internal static class LedgerBenchmark
{
    private const int Rounds = 9;
    private static readonly Guid Tenant = Guid.CreateVersion7();

    public static async Task RunAsync(int events)
    {
        var folder = Directory.CreateTempSubdirectory("osmoda-bench-ledger-").FullName;
        try
        {
            var settings = LedgerSettings.In(new StorageSettings { Folder = Path.Combine(folder, "data") }, "bench.example");
            await using var store = new LedgerStore(settings, NullLogger<LedgerStore>.Instance);
            var publisher = new Publisher(store, TimeProvider.System, NullLogger<Publisher>.Instance);
            Report.Say($"{events} events of {SampleChain.EventBytes} bytes");
            await AppendLog.RunAsync(store, Tenant, events);
            await publisher.PublishAsync(default);
            Report.Metric("ledger.disk.of_records", new FileInfo(settings.File).Length / (double)(events * (long)(SampleChain.EventBytes + LedgerRecord.HeaderBytes)), "x");
            Verify(store, events);
            Proofs(store, new LedgerQueries(store, publisher), events);
            await AppendLog.SingleAsync(store, Tenant);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Verify(LedgerStore store, int events)
    {
        using var key = store.Keys.LoadOrMake(store.Newest(Tenant)!);
        var (full, chain) = (new Samples("full verify, M events/s"), new Samples("chain only, M events/s"));
        var (stream, lanes) = (new Samples("SHA-256 in one stream, M blocks/s"), new Samples("SHA-256 side by side, M blocks/s"));
        for (var round = 0; round < Rounds; round++)
        {
            stream.Add(HashLimit.OneStream() / 1e6);
            lanes.Add(HashLimit.SideBySide() / 1e6);
            using var reader = store.Open(Tenant)!;
            full.Add(events / CpuSeconds(() =>
            {
                if (LogCheck.Run(reader, [key.Verifier]) is var report && (report.Result != CheckResult.Ok || report.SignedEntries != events || report.Chains.Single().FirstBroken is not null))
                {
                    throw new InvalidOperationException(report.Sentence);
                }
            }) / 1e6);
            chain.Add(events / CpuSeconds(() => ChainOnly(reader)) / 1e6);
        }

        foreach (var samples in new[] { full, chain, stream, lanes })
        {
            Report.Say(samples.ToString());
        }

        var (ofChain, ofAll) = HashLimit.BlocksAnEvent;
        var blocks = Math.Max(stream.Median, lanes.Median);
        // Both: a machine that is busy with something else shows in the limit too, and not in the share.
        Report.AtLeast("ledger.verify.full", full.Median * 1e6, "events/s", 1_500_000);
        Report.AtLeast("ledger.verify.chain", chain.Median * 1e6, "events/s", 4_000_000);
        Report.Metric("ledger.sha256.limit", blocks / ofAll * 1e6, "events/s");
        Report.Metric("ledger.sha256.limit.chain", blocks / ofChain * 1e6, "events/s");
        Report.Metric("ledger.sha256.stream", stream.Median / ofAll * 1e6, "events/s");
        Report.Metric("ledger.verify.of_limit", 100 * full.Median * ofAll / blocks, "%");
        Report.Metric("ledger.verify.chain.of_limit", 100 * chain.Median * ofChain / blocks, "%");
        Report.Metric("ledger.verify.memory", ManagedPeak(store, key.Verifier) / 1048576d, "MiB", 64);
    }

    private static void ChainOnly(LogReader reader)
    {
        var entries = new EntryCheck(reader, tree: false);
        for (var n = 0L; n * TileId.FullWidth < reader.Size; n++)
        {
            if (entries.Bundle(n, (int)Math.Min(TileId.FullWidth, reader.Size - (n * TileId.FullWidth))) is { } wrong)
            {
                throw new InvalidOperationException(wrong.Sentence);
            }
        }

        if (entries.Chains.Report().Single() is var chain && (chain.FirstBroken is not null || chain.Events != reader.Size))
        {
            throw new InvalidOperationException($"The chain breaks at {chain.FirstBroken}.");
        }
    }

    /// <summary>How much more this process holds at its highest, by the kernel's count, while it verifies.</summary>
    private static long ManagedPeak(LedgerStore store, VerifierKey key)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var before = ProcessCost.Of(Environment.ProcessId).ResidentBytes;
        var highest = before;
        using var reader = store.Open(Tenant)!;
        LogCheck.Run(reader, [key], new Watch(() => highest = Math.Max(highest, ProcessCost.Of(Environment.ProcessId).ResidentBytes)));
        return highest - before;
    }

    private static void Proofs(LedgerStore store, LedgerQueries queries, int events)
    {
        var (make, check) = (new Samples("inclusion proof made, ms"), new Samples("inclusion proof checked, µs"));
        var random = new Random(3);
        using var reader = store.Open(Tenant)!;
        var root = Ranges.Root(reader.Subtrees(events), events);
        for (var i = 0; i < 100 + 1_000; i++)
        {
            var seq = random.Next(events);
            var leaf = Sha256.Leaf(reader.Entry(seq));
            var began = Stopwatch.GetTimestamp();
            var proof = Inclusion.Prove(reader.Subtrees(events), seq, events);
            var made = Stopwatch.GetElapsedTime(began);
            began = Stopwatch.GetTimestamp();
            var right = Inclusion.Verify(seq, events, leaf, proof, root);
            var took = Stopwatch.GetElapsedTime(began);
            if (!right)
            {
                throw new InvalidOperationException($"The proof of entry {seq} is wrong.");
            }

            if (i >= 100)
            {
                make.Add(made.TotalMilliseconds);
                check.Add(took.TotalMicroseconds);
            }
        }

        Report.Say(make.ToString());
        Report.Say(check.ToString());
        Report.Metric("ledger.proof.make.p50", make.Median, "ms", 1);
        Report.Metric("ledger.proof.check.p50", check.Median, "µs", 20);
    }

    // By processor time: another program on the machine must not make the ledger slower.
    private static double CpuSeconds(Action work)
    {
        var before = ThreadCpu.Now();
        work();
        return (ThreadCpu.Now() - before).TotalSeconds;
    }

    private sealed class Watch(Action look) : IProgress<long>
    {
        public void Report(long value) => look();
    }
}
