using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>One run under way: read from the machine that builds, again and again from where the connection was lost, until its last line.</summary>
internal sealed class FollowedCheck
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly CheckRun _run;
    private readonly CheckTools _tools;
    private readonly CheckJournal _journal;
    private readonly Lock _lock = new();
    private CancellationTokenSource? _copying;
    private CheckProgress? _end;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FollowedCheck(CheckRun run, CheckTools tools)
    {
        (_run, _tools) = (run, tools);
        _journal = new CheckJournal(run.Id, Fields(run), hasBuilder: run.BuilderId is not null);
        Newest = _journal.Newest;
    }

    public CheckProgress Newest { get; private set; }

    /// <summary>Completes with the next change after the state that is read together with it.</summary>
    public (CheckProgress Newest, Task Changed) Look()
    {
        lock (_lock)
        {
            return (Newest, _changed.Task);
        }
    }

    /// <summary>Until it has ended, or the dashboard stops; then the row stays open.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!_journal.IsOver && _end is null)
            {
                try
                {
                    await ReadAsync(stop);
                }
                catch (ConnectionException lost)
                {
                    _tools.Log.LogInformation("Run of checks {Run} is not heard: {Why}", _run.Id, lost.Fault.Detail);
                    Show(Newest with { Heard = false });
                }
                catch (Exception away) when (away.IsDatabaseTrouble())
                {
                    Away(away);
                }

                if (!_journal.IsOver && _end is null)
                {
                    await Task.Delay(Pause, _tools.Time, stop);
                }
            }

            await _tools.Time.InsistAsync(() => EndAsync(stop), Away, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Taken up again at the next start.
        }
    }

    private void Away(Exception away) => _tools.Log.LogError(away, "Run of checks {Run} cannot be read or written; trying again", _run.Id);

    private async Task ReadAsync(CancellationToken stop)
    {
        var shell = await _tools.Shells(_run.BuilderId ?? _run.ServerId, stop);
        var run = await shell.StartAsync(CheckScripts.Follow, [_run.Id.ToString("D"), $"{_journal.Lines + 1}"], stop);
        await using (run)
        {
            await foreach (var line in run.ReadLinesAsync(stop))
            {
                if (_journal.Lines == 0 && line.Span.SequenceEqual("never"u8))
                {
                    _end = CheckSteps.End(Newest, CheckState.Lost, "The server knows nothing of these checks: they were never begun, or their files were removed.");
                    return;
                }

                _journal.Take(line.Span);
                Reach(_journal.Newest);
            }
        }
    }

    private async Task EndAsync(CancellationToken stop)
    {
        var reached = _end ?? Newest;
        if (reached is { Ended: false, System: { } built })
        {
            reached = await CopyAsync(built, stop);
        }

        var ran = _tools.Fleet[_run.ServerId].Pins?.Current;
        var final = reached with { Heard = true, Ran = ran, Unchanged = reached.System is { } system ? ran == system : null };
        if (final.State == CheckState.Passed)
        {
            final = final with { Outcome = final.Unchanged == true ? "The system is built, and it is the very one that runs: nothing changes on this server." : "The system is built." };
            if (_journal.Lock is { } pinned)
            {
                await _tools.KeepLockAsync(_run, pinned);
            }
        }
        else if (final.Steps.Any(step => step is { State: StepState.Failed, Step: CheckStep.Options or CheckStep.System }) && await _tools.HintAsync(_run) is { } hint)
        {
            final = final with { Outcome = $"{final.Outcome} {hint}" };
        }

        await _tools.Rows.EndAsync(_run, final);
        Show(final);
    }

    /// <summary>Ends the copy to the server; false where nothing is copied now.</summary>
    public bool StopCopy()
    {
        lock (_lock)
        {
            // Cancelling may end the copy here and now, and with it what is remembered of it.
            var there = _copying;
            there?.Cancel();
            return there is not null;
        }
    }

    private async Task<CheckProgress> CopyAsync(StorePath built, CancellationToken stop)
    {
        var began = _tools.Time.GetTimestamp();
        Show(Newest.With(CheckStep.Copy, StepState.Running) with { Copy = new CopyProgress(0, 0) });
        using var copying = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Begin(copying);
        string? why;
        try
        {
            why = await _tools.Copy.RunAsync(_run.BuilderId!.Value, _run.ServerId, built, _run.Id, progress => Show(Newest with { Copy = progress }), copying.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return CheckSteps.End(Newest, CheckState.Cancelled, "It was stopped while the system was copied to its server.");
        }
        finally
        {
            Begin(null);
        }

        return why is null
            ? Newest.With(CheckStep.Copy, StepState.Passed, _tools.Time.GetElapsedTime(began)) with { State = CheckState.Passed }
            : CheckSteps.End(Newest.With(CheckStep.Copy, new CheckFinding(false, null, why, "", null)), CheckState.Failed, why);
    }

    private void Begin(CancellationTokenSource? copying)
    {
        lock (_lock)
        {
            _copying = copying;
        }
    }

    // Nobody sees an end that is not stored: who deploys what has passed, or asks what was built, would not find it.
    private void Reach(CheckProgress next)
    {
        if (next.Ended)
        {
            _end = next;
        }
        else
        {
            Show(next);
        }
    }

    private void Show(CheckProgress next)
    {
        lock (_lock)
        {
            Newest = next;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static ImmutableArray<OptionPath> Fields(CheckRun run) =>
        [.. run.Touched.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => OptionPath.TryParse(text, out var path, out _) ? path : null).OfType<OptionPath>()];
}

/// <summary>What following a run needs.</summary>
internal sealed record CheckTools(Fleet Fleet, ShellOf Shells, CheckRows Rows, CopyClosure Copy, Func<CheckRun, byte[], Task> KeepLockAsync, Func<CheckRun, Task<string?>> HintAsync, TimeProvider Time, ILogger Log);
