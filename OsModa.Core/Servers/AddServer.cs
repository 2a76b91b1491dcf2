using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Servers;

/// <summary>Adds a server to the list. Nothing is sent to it before a person has accepted its host key.</summary>
public sealed class AddServer(Database database, ServerDirectory directory, LedgerWriter ledger, TimeProvider time)
{
    /// <param name="caller">Must manage the organisation.</param>
    /// <param name="form">Errors are named by its properties; the empty name is about the whole.</param>
    /// <param name="cancellationToken">Gives up; then nothing was added.</param>
    /// <param name="simulated">It lives in this process and has no address on any network.</param>
    public async Task<Result<Server>> RunAsync(Caller caller, ServerForm form, CancellationToken cancellationToken, bool simulated = false)
    {
        if (!caller.MayManage)
        {
            return FieldErrors.Of("", "Only owners of the organisation may add servers.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            var (entry, errors) = await form.CheckAsync(context, self: null, cancellationToken);
            if (entry is null)
            {
                return errors;
            }

            var server = new Server
            {
                Id = ServerId.New(),
                OrganisationId = caller.OrganisationId,
                Name = entry.Name.Text,
                Address = entry.Address.Text,
                Port = entry.Port.Number,
                Login = entry.Login.Text,
                JumpThrough = entry.JumpThrough,
                Tags = [.. entry.Tags.Select(t => t.Text)],
                AddedAt = time.GetUtcNow(),
                Simulated = simulated,
            };
            context.Servers.Add(server);
            return await ledger.DoAsync<Server>(
                caller,
                "server.add",
                async () =>
                {
                    try
                    {
                        await context.SaveChangesAsync(cancellationToken);
                    }
                    catch (DbUpdateException taken) when (taken.IsDuplicate())
                    {
                        return FieldErrors.Of(nameof(ServerForm.Name), ServerForm.NameTaken(entry.Name));
                    }

                    directory.Announce(new ServerChange(ServerChangeKind.Added, server.Id, server.OrganisationId));
                    return server;
                },
                server.Id,
                details: server.Told(),
                cancellationToken: cancellationToken);
        }
    }
}
