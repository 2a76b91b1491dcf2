using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <param name="Address">As it is kept.</param>
/// <param name="Done">What became of the two histories, in one sentence.</param>
public sealed record RemoteConnected(string Address, string Done);

/// <summary>Makes a branch of the customer's own repository what the configuration is, instead of ours alone or of the one before.</summary>
public sealed class ConnectRemote(Database database, ConfigurationRepositories repositories, Remotes remotes, LedgerWriter ledger, TimeProvider time)
{
    /// <param name="caller">Must manage the organisation.</param>
    /// <param name="form">Errors are named by its properties; the empty name is about the whole.</param>
    /// <param name="shown">Host keys exactly as the person saw and accepted them, from <see cref="ShowRemoteKeys"/>.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    public async Task<Result<RemoteConnected>> RunAsync(Caller caller, RemoteForm form, IReadOnlyList<HostKey> shown, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return FieldErrors.Of("", "Only owners of the organisation connect a repository.");
        }

        if (shown.Count == 0)
        {
            return FieldErrors.Of("", "Its host key comes first: read it, and compare it.");
        }

        var named = form.Check(caller.OrganisationId);
        if (!named.Done)
        {
            return named.Errors;
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            var before = await context.ConfigurationRemotes.SingleOrDefaultAsync(cancellationToken);
            named.Value.HostKeys.AddRange(shown.Select(key => PinnedHostKey.Of(key, time.GetUtcNow(), caller.Name)));
            var details = LedgerVerbs.Details(
                ("address", named.Value.Address), ("branch", named.Value.Branch), ("hostKeys", string.Join(' ', shown.Select(key => key.Fingerprint))), ("before", before is null ? null : $"{before.Address} {before.Branch}"), ("exposed", form.ExposedKnown ? "known" : null));
            return await ledger.DoAsync<RemoteConnected>(caller, "configuration.remote.connect", () => JoinAsync(context, caller, before, named.Value, form.ExposedKnown), details: details, cancellationToken: cancellationToken);
        }
    }

    private async Task<Result<RemoteConnected>> JoinAsync(DashboardContext context, Caller caller, ConfigurationRemote? before, ConfigurationRemote named, bool exposedKnown)
    {
        try
        {
            var repository = await repositories.OfAsync(caller.OrganisationId);
            if (!exposedKnown && await FileExposed.InAsync(repository) is { IsEmpty: false })
            {
                return FieldErrors.Of(nameof(RemoteForm.ExposedKnown), "What is here holds what looks like a secret. Look at the files above, and say that they may be sent.");
            }

            return await repository.AloneAsync(async () =>
            {
                var done = await remotes.Trial(named, repository.Git).JoinAsync(CancellationToken.None);
                // Killed before the row is there, the two histories are one, and connecting once more finds that.
                var row = before ?? context.Add(new ConfigurationRemote { OrganisationId = named.OrganisationId, HostId = named.HostId, Address = "", Branch = "", ConnectedAt = default, ConnectedBy = "" }).Entity;
                (row.Address, row.Branch, row.ConnectedAt, row.ConnectedBy) = (named.Address, named.Branch, time.GetUtcNow(), caller.Name);
                (row.HostKeyAlarm, row.HeardAt, row.Fault, row.FaultSince, row.RewrittenAt, row.RewrittenFrom, row.RewrittenTo) = (null, null, null, null, null, null, null);
                row.HostKeys.Clear();
                row.HostKeys.AddRange(named.HostKeys);
                await context.SaveChangesAsync();
                repository.Remote = remotes.Copy(row, repository.Git);
                await remotes.GreetAsync(caller.OrganisationId);
                return new RemoteConnected(row.Address, done);
            });
        }
        catch (ConnectionException away)
        {
            return FieldErrors.Of(nameof(RemoteForm.Address), away.Message);
        }
        catch (RepositoryException refused)
        {
            return FieldErrors.Of("", refused.Message);
        }
        catch (DbUpdateException)
        {
            return FieldErrors.Of("", "Somebody else connected a repository in this moment. Look again.");
        }
    }
}
