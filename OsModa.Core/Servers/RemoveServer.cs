using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Operations;
using OsModa.Core.Storage;

namespace OsModa.Core.Servers;

/// <summary>Takes a server off the list. On the server itself nothing changes; the history of what was done to it stays.</summary>
public sealed class RemoveServer(Database database, ServerDirectory directory, LedgerWriter ledger)
{
    /// <param name="caller">Must manage the organisation.</param>
    /// <param name="id">Which server.</param>
    /// <param name="cancellationToken">Gives up; then nothing was removed.</param>
    /// <returns>The server as it was.</returns>
    public async Task<Result<Server>> RunAsync(Caller caller, ServerId id, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return FieldErrors.Of("", "Only owners of the organisation may remove servers.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            // One transaction, so that no operation begins between the look and the removal.
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            var server = await context.Servers.SingleOrDefaultAsync(s => s.Id == id, cancellationToken);
            if (server is null)
            {
                return FieldErrors.Of("", ChangeServer.Gone);
            }

            if (await context.Operations.AnyAsync(o => o.ServerId == id && (o.State == OperationState.Intended || o.State == OperationState.Running), cancellationToken))
            {
                return FieldErrors.Of("", $"An operation on {server.Name} is under way. Remove it once that has ended.");
            }

            var behind = await context.Servers.Where(s => s.JumpThrough == id).OrderBy(s => s.Name).Select(s => s.Name).Take(4).ToListAsync(cancellationToken);
            if (behind.Count > 0)
            {
                return FieldErrors.Of("", $"{server.Name} is the jump host of {string.Join(", ", behind.Take(3))}{(behind.Count > 3 ? " and others" : "")}. Give them another way first.");
            }

            context.Servers.Remove(server);
            return await ledger.DoAsync<Server>(
                caller,
                "server.remove",
                async () =>
                {
                    await context.SaveChangesAsync(cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                    directory.Announce(new ServerChange(ServerChangeKind.Removed, id, server.OrganisationId));
                    return server;
                },
                id,
                details: server.Told(),
                cancellationToken: cancellationToken);
        }
    }
}
