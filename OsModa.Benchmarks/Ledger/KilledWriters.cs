using OsModa.Tests.Ledger.Faults;

namespace OsModa.Benchmarks.Ledger;

/// <summary>Kills a process that appends and signs without rest, at random moments, again and again on the same ledger. After each, another process must find all that was acknowledged, and no head that does not verify.</summary>
internal static class KilledWriters
{
    // A new ledger now and then: reading all that was acknowledged takes longer each time.
    private const int KillsALedger = 25;
    // From its first acknowledgement on; of one in ten, from its start on.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(int kills)
    {
        var (random, wrong, acknowledged, silent) = (new Random(11), 0, 0L, 0);
        for (var done = 0; done < kills; done += KillsALedger)
        {
            var place = Directory.CreateTempSubdirectory("osmoda-bench-kills-").FullName;
            for (var kill = done; kill < Math.Min(kills, done + KillsALedger); kill++)
            {
                var before = Lines(place);
                await WriteAndKillAsync(place, random.NextDouble() * Longest, isEarly: random.Next(10) == 0);
                silent += Lines(place) == before ? 1 : 0;
                if (await WrittenLedger.WrongAsync(place) is { } why)
                {
                    wrong++;
                    Report.Say($"kill {kill}: {why}");
                }
            }

            acknowledged += Lines(place);
            Directory.Delete(place, recursive: true);
            Report.Say($"{done + KillsALedger} kills, {acknowledged} acknowledged, {wrong} wrong");
        }

        Report.Metric("ledger.kills", kills, "kills");
        Report.Metric("ledger.kills.before_first", silent, "kills");
        Report.Metric("ledger.kills.acknowledged", acknowledged, "events");
        Report.Metric("ledger.kills.wrong", wrong, "kills", 0);
        return wrong == 0 ? 0 : 1;
    }

    private static async Task WriteAndKillAsync(string place, TimeSpan after, bool isEarly)
    {
        var before = Bytes(place);
        using var process = WriterProcess.Start(place, WriterProcess.Endless);
        while (!isEarly && Bytes(place) == before && !process.HasExited)
        {
            await Task.Delay(1);
        }

        await Task.Delay(after);
        process.Kill();
        await process.WaitForExitAsync();
    }

    private static long Bytes(string place) => new FileInfo(WrittenLedger.AcknowledgedIn(place)) is { Exists: true } file ? file.Length : 0;

    private static long Lines(string place) => File.Exists(WrittenLedger.AcknowledgedIn(place)) ? File.ReadLines(WrittenLedger.AcknowledgedIn(place)).LongCount() : 0;
}
