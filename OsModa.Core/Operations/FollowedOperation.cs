using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Ssh;

namespace OsModa.Core.Operations;

/// <summary>
/// Follows one operation until it is known how it ended: by the live stream while there is one, by asking the server when it is
/// silent or comes back, and then for the minute after it.
/// </summary>
internal sealed class FollowedOperation : IDisposable
{
    /// <summary>How long after a sign of life the server is asked.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>For links to follow the journal's last line; then the server is asked.</summary>
    private static readonly TimeSpan Agreement = TimeSpan.FromSeconds(1);

    /// <summary>No command of ours is under way this long; what has not begun by then can be stopped from ever beginning.</summary>
    private static readonly TimeSpan FenceAfter = TimeSpan.FromSeconds(45);

    /// <summary>For a server that is restarting as planned, or is back, to go on: a unit of its own begins before most others.</summary>
    private static readonly TimeSpan RestartPatience = TimeSpan.FromMinutes(5);

    /// <summary>For the timer of last resort: it notices within 20 s, and has 10 minutes to go back.</summary>
    private static readonly TimeSpan GuardPatience = TimeSpan.FromMinutes(11);

    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(20);

    /// <summary>Before it is followed on when something of ours went wrong.</summary>
    private static readonly TimeSpan AfterMistake = TimeSpan.FromSeconds(10);

    private readonly Operation _operation;
    private readonly Fleet _fleet;
    private readonly ShellOf _shells;
    private readonly OperationRows _rows;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ServerSignal _signal;
    private readonly bool _resumed;
    private readonly PlanRecord _plan;
    private readonly FrozenSet<string>? _troubledBefore;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _askAt;
    private (Guid BootId, DateTimeOffset Since)? _silent;
    private SwitchProgress? _progress;
    private volatile bool _told;
    private volatile bool _abandoned;

    /// <param name="operation">Which one.</param>
    /// <param name="resumed">It was begun before this process: nobody of us is starting it.</param>
    /// <param name="fleet">Where it is seen.</param>
    /// <param name="shells">Where it is asked for.</param>
    /// <param name="rows">Where it is written.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">For the operator of the dashboard.</param>
    public FollowedOperation(Operation operation, bool resumed, Fleet fleet, ShellOf shells, OperationRows rows, TimeProvider time, ILogger log)
    {
        (_operation, _fleet, _shells, _rows, _time, _log) = (operation, fleet, shells, rows, time, log);
        _signal = new ServerSignal(fleet, operation.ServerId, time);
        _troubledBefore = resumed ? null : Aftermath.Troubled(fleet[operation.ServerId]);
        _askAt = resumed ? time.GetUtcNow() : time.GetUtcNow() + Patience;
        (_resumed, _told) = (resumed, resumed);
        _plan = PlanRecord.Read(operation.Plan) ?? new PlanRecord();
    }

    /// <summary>The server has been told (or silence fell while telling): from now on it may be asked.</summary>
    public void Told()
    {
        _told = true;
        _signal.Raise();
    }

    /// <summary>Completes when it is not followed any more; never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>It did not begin: nothing to follow.</summary>
    public void Abandon()
    {
        _abandoned = true;
        _signal.Raise();
    }

    /// <summary>Follows to the end. A process that stops before leaves the row open, and the next one takes it up.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            // Given up, it would stay open, and nobody could begin another on its server.
            while (!await TryToFollowAsync(stop))
            {
                await Task.Delay(AfterMistake, _time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _log.LogInformation("Operation {Operation} goes on without us", _operation.Id);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    public void Dispose() => _signal.Dispose();

    private async Task<bool> TryToFollowAsync(CancellationToken stop)
    {
        try
        {
            await FollowAsync(stop);
            return true;
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            _log.LogError(failed, "Following operation {Operation} failed by a mistake of the dashboard; it goes on in {Seconds} seconds", _operation.Id, AfterMistake.TotalSeconds);
            return false;
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var confirming = ConfirmAsync(over.Token);
        try
        {
            await FollowToItsEndAsync(confirming, stop);
        }
        finally
        {
            await over.CancelAsync();
            await confirming.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private Task ConfirmAsync(CancellationToken stop) => Confirmation.IsAsked(_plan) && _operation is { Confirmer: Confirmer.Dashboard, Kind: not (OperationKind.Drill or OperationKind.StandingWatch) }
        ? new Confirmation(_operation, _plan, _fleet, _shells, _rows, _time, _log).RunAsync(stop)
        : Task.CompletedTask;

    private async Task FollowToItsEndAsync(Task confirming, CancellationToken stop)
    {
        var since = _operation.FinishedAt;
        if (!_operation.Ended)
        {
            if (await JudgeAsync(stop) is not { } judgement)
            {
                return;
            }

            await _rows.EndAsync(_operation, judgement, _progress, stop);
            _log.LogInformation("Operation {Operation} ended as {State}: {Sentence}", _operation.Id, judgement.State, judgement.Sentence);
            if (judgement.State != OperationState.Verified || _operation.OnlyNextBoot)
            {
                return;
            }
        }

        // A standing watch is nearer to the server than we are: it notices more, and acts. It wants to know that we are there.
        await (_plan.Stand > 0 ? confirming : WatchAfterAsync(since ?? _time.GetUtcNow(), stop));
    }

    private async Task<Judgement?> JudgeAsync(CancellationToken stop)
    {
        var running = _operation.State == OperationState.Running;
        // Only a server that comes back is asked at once; one that was there when it was told has nothing to add yet.
        var wasLive = !_resumed;
        while (!_abandoned)
        {
            // The time before the state: a server that is due by this time and live is live at that time or later.
            var now = _time.GetUtcNow();
            var state = _fleet[_operation.ServerId];
            if (state.Switch is { } seen && seen.Operation == _operation.Id)
            {
                if (!running)
                {
                    running = true;
                    await _rows.RunningAsync(_operation, stop);
                }

                if (OperationJudge.ByObservation(_operation, seen, state) is { } judgement)
                {
                    _progress = seen;
                    return judgement;
                }

                AskSoonerWhenOver(seen, now);
            }

            var live = state.Reach == Reach.Live;
            _askAt = live && !wasLive && _told ? Earlier(_askAt, now) : _askAt;
            wasLive = live;
            if (live && _told && now >= _askAt)
            {
                if (await AskAsync(stop) is { } answer)
                {
                    return answer;
                }

                _askAt = _time.GetUtcNow() + Patience;
            }

            await _signal.WaitAsync(Later(_askAt - _time.GetUtcNow(), TimeSpan.FromMilliseconds(100)), stop);
        }

        return null;
    }

    private void AskSoonerWhenOver(SwitchProgress seen, DateTimeOffset now)
    {
        if (seen.Outcome is { } outcome && !ReferenceEquals(_progress, seen))
        {
            _progress = seen;
            _askAt = Earlier(_askAt, now + (outcome.Verified ? Agreement : TimeSpan.Zero));
        }
    }

    private async Task<Judgement?> AskAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AskLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var shell = await _shells(_operation.ServerId, either.Token);
            var truth = await ServerTruth.ReadAsync(shell, _operation.Id, _time.GetUtcNow() - _operation.StartedAt >= FenceAfter, either.Token);
            if (!MayGoOn(truth) && OperationJudge.ByServer(_operation, truth) is { } judgement)
            {
                _progress = truth.Progress ?? _progress;
                return judgement;
            }
        }
        catch (ConnectionException lost)
        {
            _log.LogDebug(lost, "Operation {Operation} could not be asked for", _operation.Id);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            _log.LogDebug("Operation {Operation}: no answer in time", _operation.Id);
        }

        return null;
    }

    // Nothing runs, and there is no last word. Between its last word before a planned restart and the first after it that is as it
    // should be; a switch that a restart belongs to goes on after every other one, too; and while the timer of last resort is set,
    // the server goes back yet. Only what stays so is cut short.
    private bool MayGoOn(ServerTruth truth)
    {
        if (truth.Progress is not { Outcome: null } progress || truth.Running == _operation.Id)
        {
            _silent = null;
            return false;
        }

        var now = _time.GetUtcNow();
        _silent = _silent is { } known && known.BootId == truth.BootId ? known : (truth.BootId, now);
        var patience = progress.Restarting || (_plan.ByRestart && progress.BootId != truth.BootId) ? RestartPatience : truth.Guarded ? GuardPatience : Patience;
        return now - _silent.Value.Since < patience;
    }

    private async Task WatchAfterAsync(DateTimeOffset since, CancellationToken stop)
    {
        // A process that came later has not seen how it was before, but the server's journal says what was in trouble.
        var told = _operation.Ended ? WatchRecord.Read(_operation.Watched) : _progress is null ? null : WatchRecord.Of(_progress);
        if (_troubledBefore is not null || told is not null)
        {
            var before = (_troubledBefore ?? []).Concat(told?.Baseline ?? []);
            await new Aftermath(_operation, before.ToFrozenSet(StringComparer.Ordinal), since, _fleet, _rows, _time).RunAsync(_signal, stop);
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
