using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>A person accepts other host keys of the remote repository's host than before: they replace what was accepted, and end the alarm.</summary>
public sealed class AcceptRemoteKeys(Database database, ConfigurationRepositories repositories, Remotes remotes, RemoteNews news, LedgerWriter ledger, TimeProvider time)
{
    /// <param name="caller">Must manage the organisation.</param>
    /// <param name="shown">Exactly what the person saw, from <see cref="ShowRemoteKeys"/>.</param>
    /// <param name="reason">Why the host has another key now.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    /// <returns>Why nothing came of it, in one sentence; null when they are accepted.</returns>
    public async Task<string?> RunAsync(Caller caller, RemoteHost shown, string? reason, CancellationToken cancellationToken)
    {
        var why = reason?.Trim() ?? "";
        if (!caller.MayManage)
        {
            return "Only owners of the organisation may accept host keys.";
        }

        if (why.Length is 0 or > AcceptHostKeys.LongestReason)
        {
            return $"Say why the host has another key now, such as 'installed anew', in {AcceptHostKeys.LongestReason} characters at most.";
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.ConfigurationRemotes.SingleOrDefaultAsync(cancellationToken) is not { } row || row.Address != shown.Address || shown.Keys.Count == 0)
            {
                return "The keys are of another host than the one that is connected. Read them again.";
            }

            var details = LedgerVerbs.Details(
                ("address", row.Address), ("before", string.Join(' ', row.HostKeys.Select(key => key.Fingerprint))), ("after", string.Join(' ', shown.Keys.Select(key => key.Fingerprint))), ("reason", why));
            return await ledger.DoAsync(caller, "configuration.remote.accept-host-keys", () => AcceptAsync(context, caller, row, shown.Keys), null, details, cancellationToken);
        }
    }

    private Task<string?> AcceptAsync(DashboardContext context, Caller caller, ConfigurationRemote row, IReadOnlyList<HostKey> keys) => RemoteChange.RunAsync(repositories, news, row.OrganisationId, async repository =>
    {
        row.HostKeys.Clear();
        row.HostKeys.AddRange(keys.Select(key => PinnedHostKey.Of(key, time.GetUtcNow(), caller.Name)));
        (row.HostKeyAlarm, row.Fault, row.FaultSince) = (null, null, null);
        await context.SaveChangesAsync();
        repository.Remote = remotes.Copy(row, repository.Git);
    });
}
