using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>A person has seen to what is wrong with a server's chain and says what it was. The alarm is not shown any more; all of it stays in the ledger.</summary>
public sealed class AcceptChain(ServerDirectory directory, ObserverHost observers, LedgerWriter ledger)
{
    private const string SomethingElse = "It is something else by now: look again.";

    /// <param name="caller">An owner or operator.</param>
    /// <param name="server">Whose chain.</param>
    /// <param name="entry">Number of the entry that says what was seen (<see cref="ChainStanding.Entry"/>).</param>
    /// <param name="why">What it was, in one line.</param>
    /// <param name="cancellationToken">Gives up before it is written down.</param>
    /// <returns>Why nothing came of it; null when it is done.</returns>
    public async Task<string?> RunAsync(Caller caller, ServerId server, long? entry, string why, CancellationToken cancellationToken = default)
    {
        var reason = why.Trim();
        if (!caller.MayAct)
        {
            return "Only owners and operators can accept what is wrong with a server's own ledger.";
        }

        if (!LedgerReason.IsOne(reason))
        {
            return $"Say in one line of {LedgerReason.MaxLength} characters at most what happened, such as which backup was restored.";
        }

        if ((await directory.FindAnyAsync(server, cancellationToken))?.OrganisationId != caller.OrganisationId || observers.ChainOf(server) is not { Standing: { } standing } chain)
        {
            return "There is no such server, or it keeps no ledger of its own.";
        }

        if (standing.Status.Severity() < ChainSeverity.Warning)
        {
            return "Nothing is wrong with it any more.";
        }

        if (standing.Entry != entry)
        {
            return SomethingElse;
        }

        var result = await ledger.DoAsync<ChainStanding>(
            caller, "chain.accept",
            async () => await chain.AcceptAsync(entry) ? chain.Standing! : FieldErrors.Of("", SomethingElse),
            server, reason, LedgerVerbs.Details(("status", standing.Status.ToString()), ("event", standing.AtId?.ToString(System.Globalization.CultureInfo.InvariantCulture))), cancellationToken);
        return result.Done ? null : result.Errors.ByField.Values.First();
    }
}
