using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>Asks the remote repository for news now, and not only at the next minute.</summary>
public sealed class FetchRemote(ConfigurationRepositories repositories, LedgerWriter ledger)
{
    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="cancellationToken">Gives up before it has begun.</param>
    /// <returns>Why nothing came of it, in sentences; null when what is there is here.</returns>
    public Task<string?> RunAsync(Caller caller, CancellationToken cancellationToken) => caller.MayAct
        ? ledger.DoAsync(caller, "configuration.remote.fetch", () => FetchAsync(caller), null, null, cancellationToken)
        : Task.FromResult<string?>("You may look at this repository, not fetch it. Somebody with the role operator can.");

    private async Task<string?> FetchAsync(Caller caller)
    {
        try
        {
            return await (await repositories.OfAsync(caller.OrganisationId)).FetchAsync() ? null : "No remote repository is connected.";
        }
        catch (Exception away) when (away is ConnectionException or RepositoryException)
        {
            return away.Message;
        }
    }
}
