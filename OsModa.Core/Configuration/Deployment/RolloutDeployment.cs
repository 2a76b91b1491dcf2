using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Operations;

namespace OsModa.Core.Configuration;

/// <summary>The switches of a rollout: one server after the other, and none after the first that is not well.</summary>
internal sealed class RolloutDeployment(Fleet fleet, RolloutRows rows, RolloutChecks checking, CheckWatch checks, DeployChecked deploy, OperationHistory operations, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Switches the servers that change, one after the other, until one is not well.</summary>
    /// <param name="view">The rollout.</param>
    /// <param name="stop">When the dashboard stops; it is taken up again at the next start.</param>
    public async Task RunAsync(RolloutView view, CancellationToken stop)
    {
        // A failed one is among them when it was cut off before those after it were left alone.
        foreach (var server in view.Servers.Where(server => server.State is RolloutServerState.Changes or RolloutServerState.Deploying or RolloutServerState.Failed))
        {
            if (await rows.FindAnyAsync(view.Rollout.Id, stop) is not { Rollout.State: RolloutState.Deploying })
            {
                return;    // a person stopped it: that is followed by itself
            }

            var failed = server.State == RolloutServerState.Failed ? server.Text : null;
            if (failed is null && await WasChangedAsync(view.Rollout, server, stop))
            {
                // In this order: killed in between, the server is still among those that change, and is looked at before it is switched.
                if (!await rows.SetAsync(view.Rollout, RolloutState.Checking, "A server was switched by somebody else since its system was looked at, so the rollout asks again.", stop))
                {
                    return;
                }

                await rows.LookAgainAsync(server, Guid.CreateVersion7(time.GetUtcNow()), stop);
                await checking.RunAsync((await rows.FindAnyAsync(view.Rollout.Id, stop))!, stop);
                return;
            }

            if ((failed ?? await SwitchAsync(view.Rollout, server, stop)) is { } why)
            {
                await rows.SetAsync(server, RolloutServerState.Failed, why, stop);
                foreach (var after in view.Servers.Where(other => other.Position > server.Position && other.State == RolloutServerState.Changes))
                {
                    await rows.SetAsync(after, RolloutServerState.Skipped, "Not touched: a server before it was not well.", stop);
                }

                await rows.SetAsync(view.Rollout, RolloutState.Stopped, $"Stopped at the first server that was not well. {why}", stop);
                return;
            }
        }

        var done = (await rows.FindAnyAsync(view.Rollout.Id, stop))!.Servers.Count(server => server.State == RolloutServerState.Deployed);
        await rows.SetAsync(view.Rollout, RolloutState.Done, done == 1 ? "1 server runs it." : $"{done} servers run it.", stop);
    }

    /// <summary>After a person stopped it. What had begun on a server has its end there, also when the dashboard was killed in between.</summary>
    /// <param name="view">The rollout.</param>
    /// <param name="stop">When the dashboard stops; it is taken up again at the next start.</param>
    public async Task EndAsync(RolloutView view, CancellationToken stop)
    {
        foreach (var server in view.Servers.Where(server => server.State == RolloutServerState.Deploying))
        {
            var begun = await rows.AuthorAsync(view.Rollout, stop) is { } author && await operations.FindAsync(author, server.OperationId, stop) is not null;
            if (!begun)
            {
                await rows.SetAsync(server, RolloutServerState.Skipped, RolloutRows.NotTouched, stop);
            }
            else if (await SwitchAsync(view.Rollout, server, stop) is { } why)
            {
                await rows.SetAsync(server, RolloutServerState.Failed, why, stop);
            }
        }

        if (await rows.FindAnyAsync(view.Rollout.Id, stop) is { } now)
        {
            await rows.EndAsync(now, now.Rollout.Outcome, stop);
        }
    }

    // What a person decided on was what ran when the checks had ended: somebody who switched the server since is not overwritten, nor where that is not known.
    private async Task<bool> WasChangedAsync(Rollout rollout, RolloutServer server, CancellationToken stop) =>
        await rows.AuthorAsync(rollout, stop) is { } author
        && await operations.FindAsync(author, server.OperationId, stop) is null
        && fleet[server.ServerId].Pins?.Current is { } current
        && (await checks.ReadAsync(author, server.CheckId, stop))?.Ran != current;

    /// <returns>Why the server does not run it; null when it does.</returns>
    private async Task<string?> SwitchAsync(Rollout rollout, RolloutServer server, CancellationToken stop)
    {
        if (await rows.AuthorAsync(rollout, stop) is not { } author)
        {
            return $"{rollout.AuthorName} may not change servers any more.";
        }

        await rows.SetAsync(server, RolloutServerState.Deploying, "", stop);
        if (await operations.FindAsync(author, server.OperationId, stop) is null)
        {
            if (fleet[server.ServerId].Pins?.Current is null)
            {
                return "The server does not tell what it runs.";
            }

            if ((await checks.ReadAsync(author, server.CheckId, stop))?.Ran is not { } seen)
            {
                return "It is not known what it ran when its system was looked at.";
            }

            var request = new DeployRequest { Sheet = server.OperationId, Check = server.CheckId, SeenCurrent = seen, Reason = rollout.Reason, TypedName = server.TypedName };
            switch (await deploy.RunAsync(author, request, stop))
            {
                case RollBackResult.Refused refused:
                    return refused.Why;
                case RollBackResult.NotFound:
                    return "The server is not in the list any more.";
                case RollBackResult.Joined joined when joined.Operation.Id != server.OperationId:
                    return "Another operation was under way on the server.";
            }
        }

        Operation? row;
        while ((row = await operations.FindAsync(author, server.OperationId, stop)) is { Ended: false })
        {
            await Task.Delay(Look, time, stop);
        }

        if (row is not { State: OperationState.Verified })
        {
            return row?.Outcome ?? "The server does not tell what became of it.";
        }

        await rows.SetAsync(server, RolloutServerState.Deployed, row.Outcome, stop);
        return null;
    }
}
