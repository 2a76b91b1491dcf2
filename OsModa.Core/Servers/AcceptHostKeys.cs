using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Servers;

/// <summary>
/// A person accepts the host keys that they were shown: the first ones of a server, or others in their place. They replace all that
/// was accepted before, and end an alarm. The connections are made anew.
/// </summary>
public sealed class AcceptHostKeys(Database database, RemoteShells shells, ServerDirectory directory, LedgerWriter ledger, TimeProvider time)
{
    public const int LongestReason = 500;

    /// <param name="caller">Must manage the organisation.</param>
    /// <param name="server">Whose keys.</param>
    /// <param name="shown">Exactly what the person saw, from <see cref="ShowHostKeys"/>.</param>
    /// <param name="reason">Why; needed where keys were accepted before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The server, or what is wrong: field <c>reason</c>, or the empty name for the whole.</returns>
    public async Task<Result<Server>> RunAsync(Caller caller, ServerId server, IReadOnlyList<HostKey> shown, string? reason, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return FieldErrors.Of("", "Only owners of the organisation may accept host keys.");
        }

        if (shown.Count == 0)
        {
            return FieldErrors.Of("", "There is no key to accept: the server showed none.");
        }

        var why = reason?.Trim() ?? "";
        if (why.Length > LongestReason)
        {
            return FieldErrors.Of(nameof(reason), $"At most {LongestReason} characters.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            var row = await context.Servers.SingleOrDefaultAsync(s => s.Id == server, cancellationToken);
            if (row is null)
            {
                return FieldErrors.Of("", "This server is not in the list any more.");
            }

            if (why.Length == 0 && row.HostKeys.Count > 0)
            {
                return FieldErrors.Of(nameof(reason), "Say why the server has another key now, such as 'installed anew'.");
            }

            var details = LedgerVerbs.Details(
                ("name", row.Name), ("before", string.Join(' ', row.HostKeys.Select(k => k.Fingerprint))), ("after", string.Join(' ', shown.Select(k => k.Fingerprint))));
            return await ledger.DoAsync<Server>(
                caller,
                "server.accept-host-keys",
                async () =>
                {
                    Accept(context, row, caller, shown, why);
                    await context.SaveChangesAsync(cancellationToken);
                    await shells.ReleaseAsync(server);
                    foreach (var reached in await ChangeServer.ReachedThroughAsync(context, server, cancellationToken))
                    {
                        directory.Announce(new ServerChange(ServerChangeKind.Changed, reached, row.OrganisationId));
                    }

                    return row;
                },
                server,
                why,
                details,
                cancellationToken);
        }
    }

    private void Accept(DashboardContext context, Server row, Caller caller, IReadOnlyList<HostKey> shown, string why)
    {
        var now = time.GetUtcNow();
        context.HostKeyDecisions.Add(new HostKeyDecision
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = row.OrganisationId,
            ServerId = row.Id,
            Before = [.. row.HostKeys.Select(k => k.Fingerprint)],
            After = [.. shown.Select(k => k.Fingerprint)],
            Reason = why,
            PersonId = caller.PersonId,
            PersonName = caller.Name,
            At = now,
        });
        row.HostKeys.Clear();
        row.HostKeys.AddRange(shown.Select(key => PinnedHostKey.Of(key, now, caller.Name)));
        row.HostKeyAlarm = null;
    }
}
