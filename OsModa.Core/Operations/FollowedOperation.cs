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
    /// <summary>For links to follow the journal's last line; then the server is asked.</summary>
    private static readonly TimeSpan Agreement = TimeSpan.FromSeconds(1);

    /// <summary>Before it is followed on when something of ours went wrong.</summary>
    private static readonly TimeSpan AfterMistake = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan BeforeConfirmingAgain = TimeSpan.FromSeconds(1);

    private readonly Operation _operation;
    private readonly Fleet _fleet;
    private readonly ShellOf _shells;
    private readonly OperationRows _rows;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ServerSignal _signal;
    private readonly bool _resumed;
    private readonly PlanRecord _plan;
    private readonly OperationQuestion _question;
    private readonly FrozenSet<string>? _troubledBefore;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _askAt;
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
        _askAt = resumed ? time.GetUtcNow() : time.GetUtcNow() + OperationQuestion.Patience;
        (_resumed, _told) = (resumed, resumed);
        _plan = PlanRecord.Read(operation.Plan) ?? new PlanRecord();
        _question = new OperationQuestion(operation, _plan, shells, time, log);
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
            await confirming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Without a confirmation the server goes back: no mistake of ours may cost it.
    private async Task ConfirmAsync(CancellationToken stop)
    {
        var isOurs = Confirmation.IsAsked(_plan) && _operation is { Confirmer: Confirmer.Dashboard, Kind: not (OperationKind.Drill or OperationKind.StandingWatch) };
        while (isOurs)
        {
            try
            {
                await new Confirmation(_operation, _plan, _fleet, _shells, _rows, _time, _log).RunAsync(stop);
                return;
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                _log.LogError(failed, "Confirming operation {Operation} failed by a mistake of the dashboard; it is tried again in {Seconds} seconds", _operation.Id, BeforeConfirmingAgain.TotalSeconds);
                await Task.Delay(BeforeConfirmingAgain, _time, stop);
            }
        }
    }

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
                if (await _question.AskAsync(stop) is var (answer, progress))
                {
                    _progress = progress ?? _progress;
                    return answer;
                }

                _askAt = _time.GetUtcNow() + OperationQuestion.Patience;
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
