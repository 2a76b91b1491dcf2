using System.Runtime.InteropServices;

namespace OsModa.Benchmarks.Ledger;

/// <summary>Processor time of the calling thread: clock_gettime(2) with CLOCK_THREAD_CPUTIME_ID.</summary>
internal static class ThreadCpu
{
    private const int ThreadClock = 3;

    public static TimeSpan Now()
    {
        _ = ClockGetTime(ThreadClock, out var time);
        return TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
