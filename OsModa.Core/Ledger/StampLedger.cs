using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Core.Ledger;

/// <summary>Somebody wants the ledger time-stamped now, before an export for instance.</summary>
public sealed class StampLedger(LedgerWriter ledger, TimestampClient client)
{
    public const string Verb = "ledger.time-stamp";

    /// <returns>Why nothing came of it; null when it is done.</returns>
    public async Task<string?> RunAsync(Caller caller, CancellationToken cancellationToken) =>
        caller.MayManage
            ? await ledger.DoAsync(caller, Verb, () => client.StampAsync(caller.OrganisationId, cancellationToken), null, null, cancellationToken)
            : "Only an owner can have the ledger time-stamped.";
}
