using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>All that the rollback sheet tells before the click.</summary>
public sealed record RollbackPreview
{
    /// <summary>What the server says; null when it could not be asked, and then <see cref="Fault"/> says why.</summary>
    public SwitchPreview? Switch { get; init; }

    public ConnectionFault? Fault { get; init; }

    /// <summary>Checks of the server and of ours together, failed ones first.</summary>
    public required ImmutableArray<PreviewCheck> Checks { get; init; }

    /// <summary>An open operation of this server: watch that one instead.</summary>
    public Operation? Open { get; init; }

    /// <summary>The target is marked bad.</summary>
    public GenerationMark? Mark { get; init; }

    /// <summary>The target's system went wrong somewhere in the organisation's fleet.</summary>
    public Quarantine? Quarantine { get; init; }

    /// <summary>How long rollbacks of this server usually take on it.</summary>
    public TimeSpan? Usual { get; init; }

    public required bool NeedsReason { get; init; }

    public required bool NeedsTypedName { get; init; }
}

/// <summary>Prepares the sheet. Looks only, changes nothing.</summary>
public sealed class PreviewRollBack(Database database, Fleet fleet, ShellOf shells, OperationHistory history, QuarantineList quarantines, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(75);

    /// <summary>Null for a server that the organisation does not have.</summary>
    public async Task<RollbackPreview?> RunAsync(Caller caller, ServerId id, int generation, StorePath target, CancellationToken cancellationToken)
    {
        var server = await FindAsync(caller, id, cancellationToken);
        if (server is null)
        {
            return null;
        }

        var (asked, fault) = await AskAsync(id, target, generation, cancellationToken);
        var open = await history.OpenOfAsync(caller, id, cancellationToken);
        var marks = await history.MarksAsync(caller, id, cancellationToken);
        return new RollbackPreview
        {
            Switch = asked,
            Fault = fault,
            Open = open,
            Mark = marks.GetValueOrDefault(target.Text),
            Quarantine = await quarantines.FindAsync(caller, target, cancellationToken),
            Usual = await history.UsualAsync(caller, id, cancellationToken),
            NeedsReason = RollBackRules.NeedsReason(server),
            NeedsTypedName = RollBackRules.NeedsTypedName(server),
            Checks = [.. OfOurs(caller, fleet[id], open).Concat(asked?.Checks ?? []).OrderByDescending(c => c.State)],
        };
    }

    private static IEnumerable<PreviewCheck> OfOurs(Caller caller, ServerState state, Operation? open)
    {
        if (!caller.MayAct)
        {
            yield return new PreviewCheck("rights", CheckState.Failed, "You may look at this server, not change it.");
        }

        if (state.Reach != Reach.Live)
        {
            yield return new PreviewCheck("reach", CheckState.Failed, "The server does not answer now.");
        }

        if (state.Host is { MayAct: false })
        {
            yield return new PreviewCheck("login", CheckState.Failed, "We may only read on this server: the login is not root and has no sudo without a password.");
        }

        yield return open is null
            ? new PreviewCheck("operation", CheckState.Ok, "")
            : new PreviewCheck("operation", CheckState.Failed, $"{open.AuthorName} is switching this server since {open.StartedAt:HH:mm:ss} UTC.");
    }

    private async Task<(SwitchPreview?, ConnectionFault?)> AskAsync(ServerId id, StorePath target, int generation, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return (await SwitchPreview.ReadAsync(await shells(id, either.Token), target, generation, [.. fleet[id].AgentUnits], time, either.Token), null);
        }
        catch (ConnectionException lost)
        {
            return (null, lost.Fault);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new ConnectionFault(ConnectionFaultKind.TimedOut, $"The server did not say within {Limit.TotalSeconds:0} s what the switch would do."));
        }
    }

    private async Task<Server?> FindAsync(Caller caller, ServerId id, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellationToken);
        }
    }
}
