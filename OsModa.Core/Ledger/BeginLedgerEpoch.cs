using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger;

/// <summary>
/// Goes on in a new log after the ledger was found to be older than, or another than, what was signed: after a backup was restored, say. An owner decides it and says why. The first entry of
/// the new log tells that, and from where to where the break goes; what was signed before stays valid.
/// </summary>
public sealed class BeginLedgerEpoch(LedgerStore store, LedgerQueries queries, TimeProvider time)
{
    /// <returns>Why nothing came of it; null when it is done.</returns>
    public async Task<string?> RunAsync(Caller caller, string why)
    {
        var reason = why.Trim();
        if (!caller.MayManage)
        {
            return "Only an owner can begin a new epoch of the ledger.";
        }

        if (!LedgerReason.IsOne(reason))
        {
            return $"Say in one line of {LedgerReason.MaxLength} characters at most what happened, such as which backup was restored.";
        }

        if (queries.State(caller.OrganisationId) is var state && state is not { NeedsEpoch: true })
        {
            return state?.Stopped is { } stopped ? $"A new epoch does not help here. {stopped}" : "The ledger is in order: there is nothing to break off.";
        }

        // The log of all organisations' heads was restored with it.
        await FindRootAsync();
        var root = queries.State(LogName.Root) is { NeedsEpoch: true } ? [LogName.Root] : Array.Empty<Guid>();
        try
        {
            foreach (var log in root.Append(caller.OrganisationId))
            {
                await store.BeginEpochAsync(log, new ActionBody { Verb = "", WhoId = caller.PersonId, Who = caller.Name, From = caller.From, Why = reason }, time.GetUtcNow());
            }

            return null;
        }
        catch (LedgerDamagedException e)
        {
            return LedgerVerbs.NotDone(e);
        }
    }

    // A database that was lost does not have its name either.
    private async Task FindRootAsync()
    {
        try
        {
            if (store.Newest(LogName.Root) is null && store.Guard.SignedOf(LogName.Root, "") is not null)
            {
                await store.RunAsync(static group => group.Change(LogName.Root));
            }
        }
        catch (LedgerDamagedException)
        {
            // Its state says so.
        }
    }
}
