using System.Diagnostics;
using System.Security.Cryptography;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Hashing.Lanes;
using OsModa.Core.Ledger.Records;

namespace OsModa.Benchmarks.Ledger;

/// <summary>
/// What this machine's SHA-256 could do if there were nothing but hashing. One event needs its chain hash, its leaf and one node; a block is 64 bytes.
/// </summary>
internal static class HashLimit
{
    private const int Block = 64;
    private const int LeastPadding = 9;
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(500);
    private static readonly int[] Messages = [SampleChain.EventBytes, 1 + LedgerRecord.HeaderBytes + SampleChain.EventBytes, 1 + (2 * TreeHash.Bytes)];

    /// <summary>Of the chain hash alone, and of all three.</summary>
    public static (double Chain, double All) BlocksAnEvent => (Blocks(Messages[0]), Messages.Sum(Blocks));

    /// <summary>OpenSSL over one long message, through .NET, with the processor's own SHA instructions where it has them: blocks a second.</summary>
    public static double OneStream()
    {
        var data = new byte[16 * 1024];
        var digest = new byte[TreeHash.Bytes];
        return PerSecond(data.Length / Block, () => SHA256.HashData(data, digest));
    }

    /// <summary>Sixteen messages side by side, those of 256 events, padded and at their place: blocks a second; 0 where the processor cannot.</summary>
    public static double SideBySide()
    {
        if (!LaneSha256.IsSupported)
        {
            return 0;
        }

        var padded = new PaddedMessages();
        for (var i = 0; i < 256; i++)
        {
            Array.ForEach(Messages, length => padded.Add(padded.Messages.Length, Sha256.NoPrefix, new byte[length]));
        }

        var (lanes, digests) = (new LaneSha256(), new TreeHash[padded.Messages.Length]);
        return PerSecond(256 * BlocksAnEvent.All, () => lanes.Hash(padded, default, digests));
    }

    private static double PerSecond(double blocks, Action hash)
    {
        var turns = 0;
        var before = ThreadCpu.Now();
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Long)
        {
            hash();
            turns++;
        }

        return turns * blocks / (ThreadCpu.Now() - before).TotalSeconds;
    }

    private static double Blocks(int bytes) => Math.Ceiling((bytes + LeastPadding) / (double)Block);
}
