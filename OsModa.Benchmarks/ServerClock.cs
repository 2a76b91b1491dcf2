namespace OsModa.Benchmarks;

/// <summary>
/// CLOCK_REALTIME in microseconds since 1970. Lab servers, the browser and this process run on one kernel and share it
/// (a time namespace shifts only the monotonic clocks), so times of all three can be subtracted.
/// </summary>
internal static class ServerClock
{
    public static long Now => (DateTimeOffset.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
}
