using System.Diagnostics;
using OsModa.Core.Configuration;

namespace OsModa.Benchmarks.Options;

/// <summary>How long the first result of a search among as many options as NixOS has takes, and what the index costs in memory.</summary>
internal static class OptionsBenchmark
{
    private const int Warm = 50, Measured = 1_000;
    private const double SearchLimit = 50, MemoryLimit = 100;

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("osmoda-options-").FullName;
        try
        {
            if (!SchemaRevision.TryParse("bench", out var revision, out var error))
            {
                throw new InvalidOperationException(error);
            }

            var making = Stopwatch.GetTimestamp();
            OptionIndex.Make(folder, revision, ManyOptions.All());
            Report.Say($"index made in {Stopwatch.GetElapsedTime(making).TotalSeconds:0.0} s, {new FileInfo(OptionIndex.FileOf(folder, revision)).Length / 1024.0 / 1024.0:0.0} MiB");
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var before = Resident();
            var index = OptionIndex.Open(folder, revision) ?? throw new InvalidOperationException("The index that was just made cannot be opened.");
            var queries = ManyOptions.Queries(Warm + Measured);
            var first = new Samples("options.search: first result, ms");
            var most = 0.0;
            for (var i = 0; i < queries.Length; i++)
            {
                var started = Stopwatch.GetTimestamp();
                var found = index.Search(queries[i], 20);
                var taken = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                if (found.Count == 0)
                {
                    throw new InvalidOperationException($"Nothing was found for '{queries[i]}'.");
                }

                if (i >= Warm)
                {
                    first.Add(taken);
                }

                most = Math.Max(most, i % 10 == 0 ? Resident() - before : 0);
            }

            Report.Say(first.ToString());
            Report.Metric("options.count", index.Count, "options");
            Report.Metric("options.search.p95", first.Percentile(95), "ms", SearchLimit);
            Report.Metric("options.memory", most, "MiB", MemoryLimit);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / 1024.0 / 1024.0;
    }
}
