using Microsoft.Extensions.Logging;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;

namespace OsModa.Core.Operations;

/// <summary>How a server answered to a confirmation.</summary>
internal enum ConfirmAnswer
{
    /// <summary>Taken.</summary>
    Confirmed,
    /// <summary>What is to be confirmed is not over yet.</summary>
    Early,
    /// <summary>It has decided already.</summary>
    Late,
    /// <summary>No such operation, no connection, or no sensible answer.</summary>
    None,
}

/// <summary>
/// Tells a server that it can still be reached, over a connection made for that alone: one that was open before the switch proves
/// nothing about the network and sshd after it. Begins when the activation has ended, and tries until it is taken or too late.
/// </summary>
internal sealed class Confirmation(Operation operation, PlanRecord plan, Fleet fleet, ShellOf shells, OperationRows rows, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RestartLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The server asks for one: for the switch itself, or for the time after it.</summary>
    public static bool IsAsked(PlanRecord plan) => plan.Confirm > 0 || (plan.Stand > 0 && plan.StandConfirm > 0);

    /// <summary>Until what is asked for is confirmed, too late, or over: the switch on probation, and the standing watch after it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var signal = new ServerSignal(fleet, operation.ServerId, time);
        if (plan.Confirm <= 0 || await ConfirmAsync(signal, IsDue, plan.Confirm, lateIsLate: true, stop))
        {
            if (plan is { Stand: > 0, StandConfirm: > 0 })
            {
                // Between its decision and its last line a switch takes none.
                await ConfirmAsync(signal, Stands, plan.StandConfirm, lateIsLate: false, stop);
            }
        }
    }

    private async Task<bool> ConfirmAsync(ServerSignal signal, Func<SwitchProgress, bool> isDue, double within, bool lateIsLate, CancellationToken stop)
    {
        DateTimeOffset? first = null;
        var patience = TimeSpan.FromSeconds(within) + AttemptLimit + (plan.ByRestart ? RestartLimit : TimeSpan.Zero);
        while (first is not { } began || time.GetUtcNow() - began < patience)
        {
            if (!MayTry(fleet[operation.ServerId], isDue))
            {
                await signal.WaitAsync(Look, stop);
                continue;
            }

            first ??= time.GetUtcNow();
            switch (await TryAsync(shells, operation.ServerId, operation.Id, time, stop))
            {
                case ConfirmAnswer.Confirmed:
                    await rows.ConfirmedAsync(operation, by: "", stop);
                    return true;
                case ConfirmAnswer.Late when lateIsLate:
                    log.LogWarning("Operation {Operation} was decided before it was confirmed", operation.Id);
                    return false;
                case var answer:
                    // It is reached, and what it is asked about is not over: the time that it has then has not begun.
                    first = answer == ConfirmAnswer.None ? first : null;
                    await Task.Delay(plan.ByRestart ? Look : Pause, time, stop);
                    break;
            }
        }

        return false;
    }

    /// <summary>One attempt.</summary>
    public static async Task<ConfirmAnswer> TryAsync(ShellOf shells, ServerId server, Guid operation, TimeProvider time, CancellationToken stop) =>
        await ServerWord.AskAsync(shells, server, SwitchScripts.Confirm, operation, anew: true, AttemptLimit, time, stop) switch
        {
            "confirmed" => ConfirmAnswer.Confirmed,
            "early" => ConfirmAnswer.Early,
            "late" => ConfirmAnswer.Late,
            _ => ConfirmAnswer.None,
        };

    /// <summary>The activation has ended, so that a confirmation counts.</summary>
    public static bool IsDue(SwitchProgress progress) => progress.Stages.Any(stage => stage.Name == "probation");

    private static bool Stands(SwitchProgress progress) => progress.Outcome is { Verified: true };

    // A switch may cut our eyes off while the server waits for this very connection: then it is tried blindly.
    private bool MayTry(ServerState state, Func<SwitchProgress, bool> isDue) => state.Reach != Reach.Live || (state.Switch is { } seen && seen.Operation == operation.Id && isDue(seen));
}
