using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Servers;

/// <summary>Changes what people say of a server. Its accepted host keys stay: another machine behind the new address is found out by them.</summary>
public sealed class ChangeServer(Database database, ServerDirectory directory, LedgerWriter ledger)
{
    public const string Gone = "This server is not in the list any more.";

    /// <param name="caller">Must manage the organisation.</param>
    /// <param name="id">Which server.</param>
    /// <param name="form">All fields, changed or not.</param>
    /// <param name="seen">The form as it was when the person began: what is not changed since stays as it is now.</param>
    /// <param name="cancellationToken">Gives up; then nothing was changed.</param>
    public async Task<Result<Server>> RunAsync(Caller caller, ServerId id, ServerForm form, ServerForm seen, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return FieldErrors.Of("", "Only owners of the organisation may change servers.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            var server = await context.Servers.SingleOrDefaultAsync(s => s.Id == id, cancellationToken);
            if (server is null)
            {
                return FieldErrors.Of("", Gone);
            }

            var met = new FieldErrors();
            var (entry, errors) = await form.Onto(seen, ServerForm.Of(server), met).CheckAsync(context, id, cancellationToken);
            if (entry is null || !met.None)
            {
                return met.None ? errors : met;
            }

            if (server.Name != entry.Name.Text && await context.ServerSources.AnyAsync(source => source.ServerId == id, cancellationToken))
            {
                return FieldErrors.Of(nameof(ServerForm.Name), $"Its configuration lies in servers/{server.Name} of the repository and goes by this name, so it stays {server.Name}. A machine that takes its place is added under a name of its own.");
            }

            var before = server.Told();
            server.Name = entry.Name.Text;
            server.Address = entry.Address.Text;
            server.Port = entry.Port.Number;
            server.Login = entry.Login.Text;
            server.JumpThrough = entry.JumpThrough;
            server.Tags.Clear();
            server.Tags.AddRange(entry.Tags.Select(t => t.Text));
            return await ledger.DoAsync<Server>(
                caller,
                "server.change",
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

                    foreach (var reached in await ReachedThroughAsync(context, id, cancellationToken))
                    {
                        directory.Announce(new ServerChange(ServerChangeKind.Changed, reached, server.OrganisationId));
                    }

                    return server;
                },
                id,
                details: server.Told(before),
                cancellationToken: cancellationToken);
        }
    }

    /// <summary>The server, and all whose way leads through it.</summary>
    internal static async Task<IEnumerable<ServerId>> ReachedThroughAsync(DashboardContext context, ServerId id, CancellationToken cancellationToken)
    {
        var ways = await context.Servers.Where(s => s.JumpThrough != null).Select(s => new { s.Id, Through = s.JumpThrough!.Value }).ToListAsync(cancellationToken);
        var reached = new HashSet<ServerId> { id };
        while (ways.RemoveAll(way => reached.Contains(way.Through) && reached.Add(way.Id)) > 0)
        {
            // Round by round, one jump further from the server.
        }

        return reached;
    }
}
