using OsModa.Core.Accounts;
using OsModa.Core.Ledger;

namespace OsModa.Core.Operations;

/// <summary>A person has looked and keeps what runs: confirms it to the server, over a new connection, within the time that the plan gives.</summary>
public sealed class KeepOperation(OperationHistory history, ShellOf shells, OperationRows rows, LedgerWriter ledger, TimeProvider time)
{
    private const int Attempts = 3;

    /// <returns>Why nothing came of it, in one sentence; null when it is kept.</returns>
    public async Task<string?> RunAsync(Caller caller, Guid operation, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return "You may look at this server, not decide for it. Somebody with the role operator can.";
        }

        if (await history.FindAsync(caller, operation, cancellationToken) is not { } row)
        {
            return "Your organisation has no such operation.";
        }

        if (row.Ended)
        {
            return "It is over already.";
        }

        return await ledger.DoAsync(caller, "server.keep", () => ConfirmAsync(caller, row, cancellationToken), row.ServerId, OperationTold.Details(row), cancellationToken);
    }

    private async Task<string?> ConfirmAsync(Caller caller, Operation row, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            switch (await Confirmation.TryAsync(shells, row.ServerId, row.Id, time, cancellationToken))
            {
                case ConfirmAnswer.Confirmed:
                    await rows.ConfirmedAsync(row, caller.Name, cancellationToken);
                    return null;
                case ConfirmAnswer.Early:
                    return "The switch is not through yet. Press Keep when it is.";
                case ConfirmAnswer.Late:
                    return "It was too late: the server has decided already.";
            }
        }

        return "The server does not answer over a new connection. Unless that changes it goes back by itself.";
    }
}
