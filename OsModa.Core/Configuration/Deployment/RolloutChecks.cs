using OsModa.Core.Accounts;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>The checks of a rollout: each server's system is built, and whether it changes is told, before anything is switched.</summary>
internal sealed class RolloutChecks(RolloutRows rows, RunCheck check, CheckWatch checks)
{
    private const int MostOnMachine = 3;

    private readonly ServerPlaces _places = new(MostOnMachine);

    /// <summary>Runs the checks of all servers that wait for theirs, and says what came of them.</summary>
    /// <param name="view">The rollout.</param>
    /// <param name="stop">When the dashboard stops; it is taken up again at the next start.</param>
    public async Task RunAsync(RolloutView view, CancellationToken stop)
    {
        if (await rows.AuthorAsync(view.Rollout, stop) is not { } author || !CommitId.TryParse(view.Rollout.Commit, out var commit))
        {
            await rows.SetAsync(view.Rollout, RolloutState.Stopped, $"{view.Rollout.AuthorName} may not change servers any more.", stop);
            return;
        }

        // Servers that build for themselves build at once; who builds for many does a few at a time.
        var looked = view.Servers.Where(server => server.State is RolloutServerState.Waiting or RolloutServerState.Checking).ToList();
        await Task.WhenAll(looked.Select(async server => await _places.InAsync(await rows.MachineAsync(server.ServerId, stop), () => LookAsync(author, commit, server, stop), stop)));
        var now = (await rows.FindAnyAsync(view.Rollout.Id, stop))!;
        var failed = now.Servers.Count(server => server.State == RolloutServerState.CheckFailed);
        var changing = now.Servers.Count(server => server.State is RolloutServerState.Changes or RolloutServerState.Deploying);
        var done = now.Servers.Count(server => server.State == RolloutServerState.Deployed);
        var again = view.Rollout.Outcome.Length > 0 ? view.Rollout.Outcome + " " : "";
        await (failed > 0 ? rows.SetAsync(view.Rollout, RolloutState.Stopped, $"The checks of {failed} of {now.Servers.Length} servers did not pass. {(done > 0 ? $"{done} run it already; those after it were not touched." : "Nothing was switched.")}", stop)
            : changing == 0 ? rows.SetAsync(view.Rollout, RolloutState.Done, done > 0 ? "All servers run it." : "All servers run this already: nothing changes on any of them.", stop)
            : rows.SetAsync(view.Rollout, RolloutState.Ready, $"{again}The system of {changing} of {now.Servers.Length} servers changes.", stop));
    }

    private async Task LookAsync(Caller author, CommitId commit, RolloutServer server, CancellationToken stop)
    {
        if (!await rows.SetAsync(server, RolloutServerState.Checking, "", stop))
        {
            return;    // given up while it waited for its place
        }

        var run = await check.StartAsync(author, new CheckRequest { Sheet = server.CheckId, Server = server.ServerId, Commit = commit }, stop);
        if (!run.Done)
        {
            await rows.SetAsync(server, RolloutServerState.CheckFailed, run.Errors.ByField.Values.First(), stop);
            return;
        }

        // Given up while they began: who gave it up found nothing to end yet.
        if (!await rows.SetAsync(server, RolloutServerState.Checking, "", stop))
        {
            if (await check.CancelAsync(author, server.CheckId, stop) == RunCheck.GoesOn)
            {
                await rows.SayAsync(server, $"{RolloutRows.NotTouched} {RunCheck.GoesOn}", stop);
            }

            return;
        }

        CheckProgress? last = null;
        await foreach (var progress in checks.FollowAsync(author, server.CheckId, stop))
        {
            last = progress;
        }

        await (last switch
        {
            { State: CheckState.Passed, Unchanged: true } => rows.SetAsync(server, RolloutServerState.Unchanged, "Nothing changes: it runs this system already.", stop),
            { State: CheckState.Passed } => rows.SetAsync(server, RolloutServerState.Changes, "Its system changes.", stop),
            { Ended: true } => rows.SetAsync(server, RolloutServerState.CheckFailed, last.Outcome, stop),
            _ => rows.SetAsync(server, RolloutServerState.CheckFailed, "The checks could not be followed to their end.", stop),
        });
    }
}
