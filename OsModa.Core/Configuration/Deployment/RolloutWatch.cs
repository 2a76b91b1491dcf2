using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// Takes rollouts forward. Each step has an id from the beginning, so that a dashboard that was killed in the middle goes on with the same runs of checks
/// and the same operations: nothing happens twice.
/// </summary>
public sealed class RolloutWatch(Fleet fleet, RolloutRows rows, RunCheck check, CheckWatch checks, DeployChecked deploy, OperationHistory operations, TimeProvider time, ILogger<RolloutWatch> log) : IAsyncDisposable
{
    private const int MostOnMachine = 3;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<Guid, (object Turn, Task Ended)> _followed = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ServerPlaces _places = new(MostOnMachine);

    /// <summary>Takes up the rollouts that an earlier process left under way. Once, at start.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var open in await rows.OpenAsync(cancellationToken))
        {
            Follow(open);
        }
    }

    /// <summary>A rollout now and after each change, until it waits for a person or is over. Nothing when the caller's organisation has no such one.</summary>
    public async IAsyncEnumerable<RolloutView> FollowAsync(Caller caller, Guid rollout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = rows.Changed;
            if (await rows.FindAsync(caller, rollout, cancellationToken) is not { } view)
            {
                yield break;
            }

            yield return view;
            if (view.Rollout.State is not (RolloutState.Checking or RolloutState.Deploying or RolloutState.Stopping))
            {
                yield break;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stops. What runs on servers goes on; the rest is taken up at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] under;
        lock (_followed)
        {
            under = [.. _followed.Values.Select(followed => followed.Ended)];
        }

        await Task.WhenAll(under);
        _stop.Dispose();
    }

    /// <summary>Takes it one phase forward, after what is under way of it.</summary>
    internal void Follow(Guid rollout)
    {
        lock (_followed)
        {
            if (!_stop.IsCancellationRequested)    // taken up again at the next start
            {
                var turn = new object();
                _followed[rollout] = (turn, AfterAsync(_followed.TryGetValue(rollout, out var before) ? before.Ended : Task.CompletedTask, rollout, turn));
            }
        }
    }

    private async Task AfterAsync(Task before, Guid id, object turn)
    {
        await Task.Yield();
        await Task.WhenAny(before);    // however that ended
        try
        {
            await RunAsync(id);
        }
        finally
        {
            lock (_followed)
            {
                if (_followed.TryGetValue(id, out var newest) && newest.Turn == turn)
                {
                    _followed.Remove(id);
                }
            }
        }
    }

    private async Task RunAsync(Guid id)
    {
        try
        {
            await time.InsistAsync(() => StepAsync(id), away => log.LogError(away, "Rollout {Rollout} cannot be read or written; trying again", id), _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Taken up again at the next start.
        }
    }

    // Like after a start: what has begun is found again by its id.
    private async Task StepAsync(Guid id)
    {
        try
        {
            if (await rows.FindAnyAsync(id, _stop.Token) is { } view)
            {
                await (view.Rollout.State switch { RolloutState.Checking => CheckAsync(view), RolloutState.Deploying => DeployAsync(view), RolloutState.Stopping => StopAsync(view), _ => Task.CompletedTask });
            }
        }
        catch (Exception broken) when (!broken.IsDatabaseTrouble() && !(broken is OperationCanceledException && _stop.IsCancellationRequested))
        {
            log.LogError(broken, "Rollout {Rollout} broke", id);
            if (await rows.FindAnyAsync(id, CancellationToken.None) is { } view)
            {
                await rows.SetAsync(view.Rollout, RolloutState.Stopped, "It broke: the log of the dashboard has the cause.", CancellationToken.None);
            }
        }
    }

    private async Task CheckAsync(RolloutView view)
    {
        if (await rows.AuthorAsync(view.Rollout, _stop.Token) is not { } author || !CommitId.TryParse(view.Rollout.Commit, out var commit))
        {
            await rows.SetAsync(view.Rollout, RolloutState.Stopped, $"{view.Rollout.AuthorName} may not change servers any more.", _stop.Token);
            return;
        }

        // Servers that build for themselves build at once; who builds for many does a few at a time.
        var looked = view.Servers.Where(server => server.State is RolloutServerState.Waiting or RolloutServerState.Checking).ToList();
        await Task.WhenAll(looked.Select(async server => await _places.InAsync(await rows.MachineAsync(server.ServerId, _stop.Token), () => CheckAsync(author, commit, server), _stop.Token)));
        var now = (await rows.FindAnyAsync(view.Rollout.Id, _stop.Token))!;
        var failed = now.Servers.Count(server => server.State == RolloutServerState.CheckFailed);
        var changing = now.Servers.Count(server => server.State is RolloutServerState.Changes or RolloutServerState.Deploying);
        var done = now.Servers.Count(server => server.State == RolloutServerState.Deployed);
        var again = view.Rollout.Outcome.Length > 0 ? view.Rollout.Outcome + " " : "";
        await (failed > 0 ? rows.SetAsync(view.Rollout, RolloutState.Stopped, $"The checks of {failed} of {now.Servers.Length} servers did not pass. {(done > 0 ? $"{done} run it already; those after it were not touched." : "Nothing was switched.")}", _stop.Token)
            : changing == 0 ? rows.SetAsync(view.Rollout, RolloutState.Done, done > 0 ? "All servers run it." : "All servers run this already: nothing changes on any of them.", _stop.Token)
            : rows.SetAsync(view.Rollout, RolloutState.Ready, $"{again}The system of {changing} of {now.Servers.Length} servers changes.", _stop.Token));
    }

    private async Task CheckAsync(Caller author, CommitId commit, RolloutServer server)
    {
        if (!await rows.SetAsync(server, RolloutServerState.Checking, "", _stop.Token))
        {
            return;    // given up while it waited for its place
        }

        var run = await check.StartAsync(author, new CheckRequest { Sheet = server.CheckId, Server = server.ServerId, Commit = commit }, _stop.Token);
        if (!run.Done)
        {
            await rows.SetAsync(server, RolloutServerState.CheckFailed, run.Errors.ByField.Values.First(), _stop.Token);
            return;
        }

        // Given up while they began: who gave it up found nothing to end yet.
        if (!await rows.SetAsync(server, RolloutServerState.Checking, "", _stop.Token))
        {
            if (await check.CancelAsync(author, server.CheckId, _stop.Token) == RunCheck.GoesOn)
            {
                await rows.SayAsync(server, $"{RolloutRows.NotTouched} {RunCheck.GoesOn}", _stop.Token);
            }

            return;
        }

        CheckProgress? last = null;
        await foreach (var progress in checks.FollowAsync(author, server.CheckId, _stop.Token))
        {
            last = progress;
        }

        await (last switch
        {
            { State: CheckState.Passed, Unchanged: true } => rows.SetAsync(server, RolloutServerState.Unchanged, "Nothing changes: it runs this system already.", _stop.Token),
            { State: CheckState.Passed } => rows.SetAsync(server, RolloutServerState.Changes, "Its system changes.", _stop.Token),
            { Ended: true } => rows.SetAsync(server, RolloutServerState.CheckFailed, last.Outcome, _stop.Token),
            _ => rows.SetAsync(server, RolloutServerState.CheckFailed, "The checks could not be followed to their end.", _stop.Token),
        });
    }

    private async Task DeployAsync(RolloutView view)
    {
        // A failed one is among them when it was cut off before those after it were left alone.
        foreach (var server in view.Servers.Where(server => server.State is RolloutServerState.Changes or RolloutServerState.Deploying or RolloutServerState.Failed))
        {
            if (await rows.FindAnyAsync(view.Rollout.Id, _stop.Token) is not { Rollout.State: RolloutState.Deploying })
            {
                return;    // a person stopped it: that is followed by itself
            }

            var failed = server.State == RolloutServerState.Failed ? server.Text : null;
            if (failed is null && await WasChangedAsync(view.Rollout, server))
            {
                // In this order: killed in between, the server is still among those that change, and is looked at before it is switched.
                if (!await rows.SetAsync(view.Rollout, RolloutState.Checking, "A server was switched by somebody else since its system was looked at, so the rollout asks again.", _stop.Token))
                {
                    return;
                }

                await rows.LookAgainAsync(server, Guid.CreateVersion7(time.GetUtcNow()), _stop.Token);
                await CheckAsync((await rows.FindAnyAsync(view.Rollout.Id, _stop.Token))!);
                return;
            }

            if ((failed ?? await DeployAsync(view.Rollout, server)) is { } why)
            {
                await rows.SetAsync(server, RolloutServerState.Failed, why, _stop.Token);
                foreach (var after in view.Servers.Where(other => other.Position > server.Position && other.State == RolloutServerState.Changes))
                {
                    await rows.SetAsync(after, RolloutServerState.Skipped, "Not touched: a server before it was not well.", _stop.Token);
                }

                await rows.SetAsync(view.Rollout, RolloutState.Stopped, $"Stopped at the first server that was not well. {why}", _stop.Token);
                return;
            }
        }

        var done = (await rows.FindAnyAsync(view.Rollout.Id, _stop.Token))!.Servers.Count(server => server.State == RolloutServerState.Deployed);
        await rows.SetAsync(view.Rollout, RolloutState.Done, done == 1 ? "1 server runs it." : $"{done} servers run it.", _stop.Token);
    }

    // What had begun on a server when it was stopped has its end there, also when the dashboard was killed in between.
    private async Task StopAsync(RolloutView view)
    {
        foreach (var server in view.Servers.Where(server => server.State == RolloutServerState.Deploying))
        {
            var begun = await rows.AuthorAsync(view.Rollout, _stop.Token) is { } author && await operations.FindAsync(author, server.OperationId, _stop.Token) is not null;
            if (!begun)
            {
                await rows.SetAsync(server, RolloutServerState.Skipped, RolloutRows.NotTouched, _stop.Token);
            }
            else if (await DeployAsync(view.Rollout, server) is { } why)
            {
                await rows.SetAsync(server, RolloutServerState.Failed, why, _stop.Token);
            }
        }

        if (await rows.FindAnyAsync(view.Rollout.Id, _stop.Token) is { } now)
        {
            await rows.EndAsync(now, now.Rollout.Outcome, _stop.Token);
        }
    }

    // What a person decided on was what ran when the checks had ended: somebody who switched the server since is not overwritten, nor where that is not known.
    private async Task<bool> WasChangedAsync(Rollout rollout, RolloutServer server) =>
        await rows.AuthorAsync(rollout, _stop.Token) is { } author
        && await operations.FindAsync(author, server.OperationId, _stop.Token) is null
        && fleet[server.ServerId].Pins?.Current is { } current
        && (await checks.ReadAsync(author, server.CheckId, _stop.Token))?.Ran != current;

    /// <returns>Why the server does not run it; null when it does.</returns>
    private async Task<string?> DeployAsync(Rollout rollout, RolloutServer server)
    {
        if (await rows.AuthorAsync(rollout, _stop.Token) is not { } author)
        {
            return $"{rollout.AuthorName} may not change servers any more.";
        }

        await rows.SetAsync(server, RolloutServerState.Deploying, "", _stop.Token);
        if (await operations.FindAsync(author, server.OperationId, _stop.Token) is null)
        {
            if (fleet[server.ServerId].Pins?.Current is null)
            {
                return "The server does not tell what it runs.";
            }

            if ((await checks.ReadAsync(author, server.CheckId, _stop.Token))?.Ran is not { } seen)
            {
                return "It is not known what it ran when its system was looked at.";
            }

            var request = new DeployRequest { Sheet = server.OperationId, Check = server.CheckId, SeenCurrent = seen, Reason = rollout.Reason, TypedName = server.TypedName };
            switch (await deploy.RunAsync(author, request, _stop.Token))
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
        while ((row = await operations.FindAsync(author, server.OperationId, _stop.Token)) is { Ended: false })
        {
            await Task.Delay(Look, time, _stop.Token);
        }

        if (row is not { State: OperationState.Verified })
        {
            return row?.Outcome ?? "The server does not tell what became of it.";
        }

        await rows.SetAsync(server, RolloutServerState.Deployed, row.Outcome, _stop.Token);
        return null;
    }
}
