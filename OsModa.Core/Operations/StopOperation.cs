using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.SafeSwitch;

namespace OsModa.Core.Operations;

/// <summary>A person stops a switch under way: the server goes back to what it ran, as it would by itself.</summary>
public sealed class StopOperation(OperationHistory history, ShellOf shells, OperationRows rows, LedgerWriter ledger, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <returns>Why nothing came of it, in one sentence; null when the server has been told.</returns>
    public async Task<string?> RunAsync(Caller caller, Guid operation, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return "You may look at this server, not stop a switch on it. Somebody with the role operator can.";
        }

        if (await history.FindAsync(caller, operation, cancellationToken) is not { } row)
        {
            return "Your organisation has no such operation.";
        }

        return await ledger.DoAsync(caller, "server.stop", () => TellAsync(caller, row, cancellationToken), row.ServerId, OperationTold.Details(row), cancellationToken);
    }

    private async Task<string?> TellAsync(Caller caller, Operation row, CancellationToken cancellationToken)
    {
        var answer = row.Ended ? "late" : await ServerWord.AskAsync(shells, row.ServerId, SwitchScripts.Stop, row.Id, anew: false, Limit, time, cancellationToken);
        switch (answer)
        {
            case "stopping":
                await rows.StoppedAsync(row, caller.Name, cancellationToken);
                return null;
            case "late":
                return "It is decided already; there is nothing left to stop.";
            case "unknown":
                return "The server has not begun it yet. Try again.";
            default:
                return "The server does not answer now. What it does it does by itself.";
        }
    }
}
