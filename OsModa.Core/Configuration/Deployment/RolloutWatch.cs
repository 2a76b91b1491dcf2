using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// Takes rollouts forward. Each step has an id from the beginning, so that a dashboard that was killed in the middle goes on with the same runs of checks
/// and the same operations: nothing happens twice.
/// </summary>
public sealed class RolloutWatch : IAsyncDisposable
{
    private readonly RolloutRows _rows;
    private readonly RolloutChecks _checks;
    private readonly RolloutDeployment _deployment;
    private readonly TimeProvider _time;
    private readonly ILogger<RolloutWatch> _log;
    private readonly Dictionary<Guid, (object Turn, Task Ended)> _followed = [];
    private readonly CancellationTokenSource _stop = new();

    public RolloutWatch(Fleet fleet, RolloutRows rows, RunCheck check, CheckWatch checks, DeployChecked deploy, OperationHistory operations, TimeProvider time, ILogger<RolloutWatch> log)
    {
        (_rows, _time, _log) = (rows, time, log);
        _checks = new RolloutChecks(rows, check, checks);
        _deployment = new RolloutDeployment(fleet, rows, _checks, checks, deploy, operations, time);
    }

    /// <summary>Takes up the rollouts that an earlier process left under way. Once, at start.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var open in await _rows.OpenAsync(cancellationToken))
        {
            Follow(open);
        }
    }

    /// <summary>A rollout now and after each change, until it waits for a person or is over. Nothing when the caller's organisation has no such one.</summary>
    public async IAsyncEnumerable<RolloutView> FollowAsync(Caller caller, Guid rollout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _rows.Changed;
            if (await _rows.FindAsync(caller, rollout, cancellationToken) is not { } view)
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
            await _time.InsistAsync(() => StepAsync(id), away => _log.LogError(away, "Rollout {Rollout} cannot be read or written; trying again", id), _stop.Token);
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
            if (await _rows.FindAnyAsync(id, _stop.Token) is { } view)
            {
                await (view.Rollout.State switch { RolloutState.Checking => _checks.RunAsync(view, _stop.Token), RolloutState.Deploying => _deployment.RunAsync(view, _stop.Token), RolloutState.Stopping => _deployment.EndAsync(view, _stop.Token), _ => Task.CompletedTask });
            }
        }
        catch (Exception broken) when (!broken.IsDatabaseTrouble() && !(broken is OperationCanceledException && _stop.IsCancellationRequested))
        {
            _log.LogError(broken, "Rollout {Rollout} broke", id);
            if (await _rows.FindAnyAsync(id, CancellationToken.None) is { } view)
            {
                await _rows.SetAsync(view.Rollout, RolloutState.Stopped, "It broke: the log of the dashboard has the cause.", CancellationToken.None);
            }
        }
    }
}
