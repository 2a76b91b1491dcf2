using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Lets the customer's own repository go: our copy stays as it is, and is the configuration from then on. Nothing is sent there.</summary>
public sealed class DisconnectRemote(Database database, ConfigurationRepositories repositories, RemoteNews news, LedgerWriter ledger)
{
    /// <param name="caller">Must manage the organisation.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    /// <returns>Why nothing came of it, in one sentence; null when it is done.</returns>
    public async Task<string?> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return "Only owners of the organisation disconnect its repository.";
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.ConfigurationRemotes.SingleOrDefaultAsync(cancellationToken) is not { } row
                ? "No remote repository is connected."
                : await ledger.DoAsync(caller, "configuration.remote.disconnect", () => LetGoAsync(context, row), null, LedgerVerbs.Details(("address", row.Address), ("branch", row.Branch)), cancellationToken);
        }
    }

    private Task<string?> LetGoAsync(DashboardContext context, ConfigurationRemote row) => RemoteChange.RunAsync(repositories, news, row.OrganisationId, async repository =>
    {
        context.Remove(row);
        await context.SaveChangesAsync();
        repository.Remote = null;
    });
}
