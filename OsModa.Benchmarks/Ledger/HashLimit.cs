using System.Diagnostics;
using System.Security.Cryptography;

namespace OsModa.Benchmarks.Ledger;

/// <summary>
/// What this machine's SHA-256 could do if there were nothing but hashing: blocks a second over one long message, through .NET, divided by the blocks that one event
/// needs: its chain hash, its leaf, and one node.
/// </summary>
internal static class HashLimit
{
    private const int Block = 64;
    private const int LeastPadding = 9;

    public static double BlocksAnEvent => Blocks(SampleChain.EventBytes) + Blocks(1 + Core.Ledger.Records.LedgerRecord.HeaderBytes + SampleChain.EventBytes) + Blocks(65);

    public static double EventsASecond()
    {
        var data = new byte[16 * 1024];
        var digest = new byte[32];
        var turns = 0;
        var before = ThreadCpu.Now();
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromMilliseconds(500))
        {
            SHA256.HashData(data, digest);
            turns++;
        }

        return turns * (double)(data.Length / Block) / (ThreadCpu.Now() - before).TotalSeconds / BlocksAnEvent;
    }

    private static double Blocks(int bytes) => Math.Ceiling((bytes + LeastPadding) / (double)Block);
}
