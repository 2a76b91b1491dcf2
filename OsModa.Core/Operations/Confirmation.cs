using Microsoft.Extensions.Logging;
using OsModa.Core.Observation;
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
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The server asks for one: for the switch itself, or for the time after it.</summary>
    public static bool IsAsked(PlanRecord plan) => plan.Confirm > 0 || (plan.Stand > 0 && plan.StandConfirm > 0);

    /// <summary>Until it is taken, too late, or the operation is over.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var signal = new ServerSignal(fleet, operation.ServerId, time);
        DateTimeOffset? first = null;
        var patience = TimeSpan.FromSeconds(Math.Max(plan.Confirm, plan.StandConfirm)) + AttemptLimit;
        while (first is not { } began || time.GetUtcNow() - began < patience)
        {
            if (!MayTry(fleet[operation.ServerId]))
            {
                await signal.WaitAsync(Look, stop);
                continue;
            }

            first ??= time.GetUtcNow();
            switch (await TryAsync(shells, operation.ServerId, operation.Id, time, stop))
            {
                case ConfirmAnswer.Confirmed:
                    await rows.ConfirmedAsync(operation, by: "", stop);
                    return;
                case ConfirmAnswer.Late:
                    log.LogWarning("Operation {Operation} was decided before it was confirmed", operation.Id);
                    return;
                default:
                    await Task.Delay(Pause, time, stop);
                    break;
            }
        }
    }

    /// <summary>One attempt.</summary>
    public static async Task<ConfirmAnswer> TryAsync(ShellOf shells, ServerId server, Guid operation, TimeProvider time, CancellationToken stop) =>
        await ServerWord.AskAsync(shells, server, ServerWord.Confirm, operation, anew: true, AttemptLimit, time, stop) switch
        {
            "confirmed" => ConfirmAnswer.Confirmed,
            "early" => ConfirmAnswer.Early,
            "late" => ConfirmAnswer.Late,
            _ => ConfirmAnswer.None,
        };

    /// <summary>The activation has ended, so that a confirmation counts.</summary>
    public static bool IsDue(SwitchProgress progress) => progress.Stages.Any(stage => stage is { Name: "activate", Until: not null } or { Name: "probation" });

    // A switch may cut our eyes off while the server waits for this very connection: then it is tried blindly.
    private bool MayTry(ServerState state) => state.Reach != Reach.Live || (state.Switch is { } seen && seen.Operation == operation.Id && IsDue(seen));
}
