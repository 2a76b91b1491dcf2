using OsModa.Core.Accounts;
using OsModa.Core.Ledger;

namespace OsModa.Core.Configuration;

/// <summary>A person wants no more of a rollout: checks under way end, the server that is switched now goes to its end, those after it are not touched.</summary>
public sealed class StopRollout(RolloutRows rows, RolloutWatch watch, RunCheck check, LedgerWriter ledger)
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
                var checking = await rows.StopAsync(view, caller.Name, CancellationToken.None);
                watch.Follow(rollout);
                await Task.WhenAll(checking.Select(server => EndChecksAsync(caller, server)));
                return null;
            },
            null,
            LedgerVerbs.Details(("rollout", rollout.ToString()), ("commit", view.Rollout.Commit)),
            cancellationToken);
    }

    // What is over or never began has nothing to end.
    private async Task EndChecksAsync(Caller caller, RolloutServer server)
    {
        if (await check.CancelAsync(caller, server.CheckId, CancellationToken.None) == RunCheck.GoesOn)
        {
            await rows.SayAsync(server, $"{RolloutRows.NotTouched} {RunCheck.GoesOn}", CancellationToken.None);
        }
    }
}
