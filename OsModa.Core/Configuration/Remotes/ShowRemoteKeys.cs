using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>What the host of a remote repository shows of itself.</summary>
/// <param name="Address">The one that was asked, as it is kept.</param>
/// <param name="Host">How sentences call it.</param>
/// <param name="Keys">Best kind first; one at least.</param>
public sealed record RemoteHost(string Address, string Host, IReadOnlyList<HostKey> Keys);

/// <summary>Reads the host keys that the host of a remote repository shows now, for a person to compare. Nothing is sent to it that tells who asks.</summary>
public sealed class ShowRemoteKeys(RemoteShells shells)
{
    /// <param name="caller">Must manage the organisation: it makes the dashboard connect to somewhere.</param>
    /// <param name="form">Errors are named by its properties.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<RemoteHost>> RunAsync(Caller caller, RemoteForm form, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return FieldErrors.Of("", "Only owners of the organisation connect a repository.");
        }

        var named = form.Check(caller.OrganisationId);
        if (!named.Done)
        {
            return named.Errors;
        }

        try
        {
            var route = Remotes.Route(named.Value);
            return new RemoteHost(named.Value.Address, route.Server.ToString(), await shells.ReadHostKeysAsync(route, cancellationToken));
        }
        catch (ConnectionException away)
        {
            return FieldErrors.Of(nameof(RemoteForm.Address), away.Message);
        }
    }
}
