using OsModa.Core.Accounts;
using OsModa.Core.Ledger;

namespace OsModa.Core.Configuration;

/// <summary>A person wants no more of a rollout: the server that is switched now goes to its end, those after it are not touched.</summary>
public sealed class StopRollout(RolloutRows rows, RolloutWatch watch, LedgerWriter ledger)
{
    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="rollout">Which one.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    /// <returns>Why nothing came of it, in one sentence; null when it is stopped or stops.</returns>
    public async Task<string?> RunAsync(Caller caller, Guid rollout, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return "You may look at this rollout, not stop it. Somebody with the role operator can.";
        }

        if (await rows.FindAsync(caller, rollout, cancellationToken) is not { } view)
        {
            return "Your organisation has no such rollout.";
        }

        if (view.Rollout.State is RolloutState.Stopping or RolloutState.Done or RolloutState.Stopped)
        {
            return view.Rollout.State == RolloutState.Stopping ? null : "It is over already.";
        }

        return await ledger.DoAsync(
            caller,
            "configuration.stop-rollout",
            async () =>
            {
                await rows.StopAsync(view, caller.Name, CancellationToken.None);
                watch.Follow(rollout);
                return null;
            },
            null,
            LedgerVerbs.Details(("rollout", rollout.ToString()), ("commit", view.Rollout.Commit)),
            cancellationToken);
    }
}
