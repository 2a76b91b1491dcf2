using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Somebody has looked at a history that was rewritten in the remote repository: the notice goes, what was kept stays.</summary>
public sealed class SeeRewritten(Database database, RemoteNews news, LedgerWriter ledger)
{
    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="cancellationToken">Gives up before it is written.</param>
    /// <returns>Why nothing came of it, in one sentence; null when it is done.</returns>
    public async Task<string?> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return "You may look at this notice, not put it away. Somebody with the role operator can.";
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.ConfigurationRemotes.SingleOrDefaultAsync(cancellationToken) is not { RewrittenAt: not null } row)
            {
                return null;
            }

            var details = LedgerVerbs.Details(("from", row.RewrittenFrom), ("to", row.RewrittenTo));
            (row.RewrittenAt, row.RewrittenFrom, row.RewrittenTo) = (null, null, null);
            return await ledger.DoAsync(
                caller,
                "configuration.remote.see-rewritten",
                async () =>
                {
                    try
                    {
                        await context.SaveChangesAsync(CancellationToken.None);
                        news.Tell(caller.OrganisationId);
                        return null;
                    }
                    catch (DbUpdateConcurrencyException)
                    {
                        return "It was changed or disconnected in this moment. Look again.";
                    }
                },
                null,
                details,
                cancellationToken);
        }
    }
}
