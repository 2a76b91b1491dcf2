using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger;

/// <summary>
/// Takes the text of an entry out of the ledger, because somebody may ask for that. That it was there, where, and when stays proven; who had it taken out, and why, is an entry of its own.
/// </summary>
public sealed class RedactEntry(LedgerStore store, TimeProvider time)
{
    /// <summary>Whether such an entry can be without its text. What the ledger says of itself is needed to check the rest.</summary>
    public static bool MayBe(RecordKind kind) => kind is RecordKind.ConcatenatedEvent or RecordKind.PipedEvent or RecordKind.Intent or RecordKind.Outcome or RecordKind.Notice;

    /// <param name="caller">An owner.</param>
    /// <param name="seq">Number of the entry.</param>
    /// <param name="why">Stays in the ledger: it must not repeat what is taken out.</param>
    /// <param name="epoch">Of the log; null: the newest. Of one that has ended, the newest says that the text is gone.</param>
    /// <returns>Why nothing came of it; null when it is done.</returns>
    public async Task<string?> RunAsync(Caller caller, long seq, string why, uint? epoch = null)
    {
        var reason = why.Trim();
        if (!caller.MayManage)
        {
            return "Only an owner can take a text out of the ledger.";
        }

        if (!LedgerReason.IsOne(reason))
        {
            return $"Say in one line of {LedgerReason.MaxLength} characters at most why, without what is taken out.";
        }

        if ((epoch is null ? store.Newest(caller.OrganisationId) : store.Logs().FirstOrDefault(one => one.Tenant == caller.OrganisationId && one.Epoch == epoch)) is not { } log)
        {
            return $"There is no entry {seq}.";
        }

        try
        {
            string? refused = null;
            var who = new ActionBody { Verb = "", WhoId = caller.PersonId, Who = caller.Name, From = caller.From, Why = reason };
            await store.RunAsync(group => refused = Redaction.Run(group, log, seq, who, time.GetUtcNow()));
            if (refused is not null)
            {
                return refused;
            }
        }
        catch (LedgerDamagedException e)
        {
            return LedgerVerbs.NotDone(e);
        }

        store.TellGrown(caller.OrganisationId);
        return await PurgeAsync();
    }

    private async Task<string?> PurgeAsync()
    {
        try
        {
            await store.PurgeAsync();
            return null;
        }
        catch (LedgerDamagedException e)
        {
            return $"It is taken out, but traces may be left in free parts of the file. {e.Message}";
        }
    }
}
