using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.SafeSwitch;

/// <summary>Random switches with random faults for as long as wanted. The same seed makes the same runs.</summary>
internal static class SafeSwitchSoak
{
    /// <returns>0 when every run told the truth.</returns>
    public static async Task<int> RunAsync(int seed, int runs)
    {
        await using var machine = await LabServer.UpAsync("--store", "troubles");
        var random = new RandomSwitches(new ConsoleSwitch(machine), seed);
        var lies = 0;
        for (var i = 1; i <= runs; i++)
        {
            if (await random.RunAsync() is { } lie)
            {
                lies++;
                Report.Say($"run {i} of seed {seed}: {lie}");
            }
        }

        Report.Metric("safeswitch.soak.runs", runs, "runs");
        Report.Metric("safeswitch.soak.lies", lies, "runs", 0);
        return lies == 0 ? 0 : 1;
    }
}
