using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>The standing of one server's chain as it is kept in the ledger's database and told to whoever shows it.</summary>
internal sealed class StandingKept(Server server, LedgerStore store, TimeProvider time)
{
    private readonly Lock _changing = new();

    /// <summary>Null: no chain was ever seen there.</summary>
    public ChainStanding? Standing { get; private set; } = ChainStanding.Load(store, server.Id.Value);

    public ChainStanding StandingOrNew => Standing ?? new ChainStanding(ChainStatus.Unknown, null, "", time.GetUtcNow());

    /// <summary>Entries of the ledger that were written of it.</summary>
    public int Notices { get; private set; }

    /// <summary>Is told each standing.</summary>
    public Action<ChainStanding>? Judged { get; set; }

    public void Tell()
    {
        if (Standing is { } standing)
        {
            Judged?.Invoke(standing);
        }
    }

    /// <summary>What is shown, and is not kept.</summary>
    public void Change(Func<ChainStanding, ChainStanding> change)
    {
        lock (_changing)
        {
            Standing = change(StandingOrNew);
        }

        Tell();
    }

    /// <summary>Writes an entry that changes nothing of what stands.</summary>
    public async Task AppendAsync(NewRecord notice)
    {
        Notices++;
        await store.AppendAsync(server.OrganisationId, [notice], CancellationToken.None);
    }

    /// <summary>Keeps it, with the entry that says so, if there is one.</summary>
    public async Task SaveAsync(ChainStanding standing, IReadOnlyList<NewRecord> notice)
    {
        Notices += notice.Count;
        var numbers = await store.AppendAsync(server.OrganisationId, notice, group => standing.Save(group, server.Id.Value), CancellationToken.None);
        if (numbers is [var number])
        {
            standing = standing with { Entry = number };
            await store.RunAsync(group => standing.Save(group, server.Id.Value));
        }

        // How far it is copied goes on meanwhile.
        Change(now => standing with { Copied = now.Copied, Head = now.Head, ReadAt = now.ReadAt, FailingSince = now.FailingSince, FailedAt = now.FailedAt });
    }
}
