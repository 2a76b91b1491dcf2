using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Benchmarks.Ledger;

/// <summary>A server's chain of events whose pre-image has 250 bytes each.</summary>
internal static class SampleChain
{
    public const int EventBytes = 250;

    public static IEnumerable<ChainRow> Rows(int count)
    {
        var previous = TreeHash.Zero;
        for (var id = 1L; id <= count; id++)
        {
            var e = new UpstreamEvent(id, "2026-01-02T03:04:05.678Z", "nixos.switch", "osmoda-watch", "", previous);
            e = e with { Payload = $"{{\"n\":{id},\"note\":\"{new string('x', EventBytes - e.PreImage(ChainFormat.Piped).Length - $"{{\"n\":{id},\"note\":\"\"}}".Length)}\"}}" };
            previous = e.Hash(ChainFormat.Piped);
            yield return new ChainRow(e, previous);
        }
    }
}
