using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>Somebody says beforehand that a server will be installed anew, so that it is no alarm when its chain begins anew. It counts once, and for <see cref="ChainMirror.Announced"/>.</summary>
public sealed class AnnounceReinstall(ServerDirectory directory, ObserverHost observers, LedgerWriter ledger)
{
    /// <param name="caller">An owner or operator.</param>
    /// <param name="server">Which one.</param>
    /// <param name="why">In one line.</param>
    /// <param name="cancellationToken">Gives up before it is written down.</param>
    /// <returns>Why nothing came of it; null when it is done.</returns>
    public async Task<string?> RunAsync(Caller caller, ServerId server, string why, CancellationToken cancellationToken = default)
    {
        var reason = why.Trim();
        if (!caller.MayAct)
        {
            return "Only owners and operators can announce that a server will be installed anew.";
        }

        if (!LedgerReason.IsOne(reason))
        {
            return $"Say in one line of {LedgerReason.MaxLength} characters at most why it will be installed anew.";
        }

        if ((await directory.FindAnyAsync(server, cancellationToken))?.OrganisationId != caller.OrganisationId || observers.ChainOf(server) is not { Standing: not null } chain)
        {
            return "There is no such server, or it keeps no ledger of its own.";
        }

        var result = await ledger.DoAsync<ChainStanding>(
            caller, "chain.announce-reinstall",
            async () =>
            {
                await chain.AnnounceAsync(caller.Name);
                return chain.Standing!;
            },
            server, reason, cancellationToken: cancellationToken);
        return result.Done ? null : result.Errors.ByField.Values.First();
    }
}
