using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Demo.Life;

/// <summary>With each start the servers are new ones, and so are their chains. Where data of an earlier start is kept, that is announced as a person would do it before a server is installed anew.</summary>
public sealed class NewChains(DemoFleet fleet, LedgerStore store, TimeProvider time)
{
    /// <summary>Before anybody reads them.</summary>
    /// <exception cref="LedgerDamagedException">The ledger must not be written.</exception>
    public async Task AnnounceAsync()
    {
        var until = time.GetUtcNow() + ChainMirror.Announced;
        foreach (var server in fleet.Outline.Where(static outline => outline.HasChain).Select(static outline => outline.Id.Value))
        {
            if (ChainStanding.Load(store, server) is { } standing)
            {
                await store.RunAsync(group => (standing with { AnnouncedUntil = until, AnnouncedBy = "the demo" }).Save(group, server));
            }
        }
    }
}
