using Microsoft.Extensions.Logging;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Ssh;

namespace OsModa.Core.Operations;

/// <summary>Asks a server how an operation stands, and knows when its silence is an answer.</summary>
internal sealed class OperationQuestion(Operation operation, PlanRecord plan, ShellOf shells, TimeProvider time, ILogger log)
{
    /// <summary>How long after a sign of life the server is asked.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>No command of ours is under way this long; what has not begun by then can be stopped from ever beginning.</summary>
    private static readonly TimeSpan FenceAfter = TimeSpan.FromSeconds(45);

    /// <summary>For a server that is restarting as planned, or is back, to go on: a unit of its own begins before most others.</summary>
    private static readonly TimeSpan RestartPatience = TimeSpan.FromMinutes(5);

    /// <summary>For the timer of last resort: it notices within 20 s, and has 10 minutes to go back.</summary>
    private static readonly TimeSpan GuardPatience = TimeSpan.FromMinutes(11);

    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(20);

    private (Guid BootId, DateTimeOffset Since)? _silent;

    /// <returns>How it ended, with what the server's journal tells of it; null while it goes on, or when the server did not answer.</returns>
    public async Task<(Judgement Judgement, SwitchProgress? Progress)?> AskAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AskLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var shell = await shells(operation.ServerId, either.Token);
            var truth = await ServerTruth.ReadAsync(shell, operation.Id, time.GetUtcNow() - operation.StartedAt >= FenceAfter, either.Token);
            if (!MayGoOn(truth) && OperationJudge.ByServer(operation, truth) is { } judgement)
            {
                return (judgement, truth.Progress);
            }
        }
        catch (ConnectionException lost)
        {
            log.LogDebug(lost, "Operation {Operation} could not be asked for", operation.Id);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            log.LogDebug("Operation {Operation}: no answer in time", operation.Id);
        }

        return null;
    }

    // Nothing runs, and there is no last word. Between its last word before a planned restart and the first after it that is as it
    // should be; a switch that a restart belongs to goes on after every other one, too; and while the timer of last resort is set,
    // the server goes back yet. Only what stays so is cut short.
    private bool MayGoOn(ServerTruth truth)
    {
        if (truth.Progress is not { Outcome: null } progress || truth.Running == operation.Id)
        {
            _silent = null;
            return false;
        }

        var now = time.GetUtcNow();
        _silent = _silent is { } known && known.BootId == truth.BootId ? known : (truth.BootId, now);
        var patience = progress.Restarting || (plan.ByRestart && progress.BootId != truth.BootId) ? RestartPatience : truth.Guarded ? GuardPatience : Patience;
        return now - _silent.Value.Since < patience;
    }
}
