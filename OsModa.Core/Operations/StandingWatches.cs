using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>
/// Operations that a server began by itself: the standing watch that one of our switches left there had to go back. The id was agreed on
/// before, so the history gets its row when the server is first seen to do it, and it is followed like any other.
/// </summary>
public sealed class StandingWatches(OperationWatch watch, OperationRows rows, ShellOf shells, TimeProvider time)
{
    /// <summary>For a server to say whether it began the operation that was agreed on.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<Guid, byte> _seen = new();

    /// <summary>The server tells of such an operation that has not been looked at yet.</summary>
    internal bool IsNews(ServerState state) => Began(state) is { } id && !_seen.ContainsKey(id);

    /// <summary>Writes the row of what the server began, if it is what one of our operations agreed on, and follows it.</summary>
    internal async Task TakeUpAsync(DashboardContext context, ServerState state, CancellationToken stop)
    {
        if (!IsNews(state) || state.Switch is not { Operation: { } id, Undoes: { } undone } progress)
        {
            return;
        }

        var cause = await context.Operations.AsNoTracking().SingleOrDefaultAsync(o => o.Id == undone && o.ServerId == state.Server, stop);
        // What a server says of itself is only believed where we asked for it.
        if (cause is not null && PlanRecord.Read(cause.Plan)?.Undo == id && !await context.Operations.AnyAsync(o => o.Id == id, stop))
        {
            await FollowAsync(context, Row(cause, id, progress), stop);
        }

        _seen.TryAdd(id, 0);
    }

    /// <summary>
    /// A server runs again what it ran before our newest operation, and nobody saw how: we were away, and its live stream is of something else by now.
    /// What its standing watch began is still in its files. True when it was that, or when nobody can tell just now.
    /// </summary>
    internal async Task<bool> TakeUpLateAsync(DashboardContext context, Operation cause, StorePath current, CancellationToken stop)
    {
        if (PlanRecord.Read(cause.Plan)?.Undo is not { } id || cause.FromSystem != current.Text || _seen.ContainsKey(id))
        {
            return false;
        }

        using var limit = new CancellationTokenSource(AskLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var truth = await ServerTruth.ReadAsync(await shells(cause.ServerId, either.Token), id, fence: false, either.Token);
            if (truth.Progress is not { } progress || progress.Undoes != cause.Id)
            {
                return false;
            }

            await FollowAsync(context, Row(cause, id, progress), stop);
            _seen.TryAdd(id, 0);
            return true;
        }
        catch (Exception silent) when (silent is ConnectionException || (silent is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return true;            // it may have been: the next change of the server asks again
        }
    }

    private async Task FollowAsync(DashboardContext context, Operation row, CancellationToken stop)
    {
        context.Operations.Add(row);
        await context.SaveChangesAsync(stop);
        watch.Follow(row, resumed: true);
        rows.Tell(row.ServerId);
    }

    private static Guid? Began(ServerState state) => state is { Reach: Reach.Live, Switch: { Operation: { } id, Undoes: not null } } ? id : null;

    private Operation Row(Operation cause, Guid id, SwitchProgress progress) => new()
    {
        Id = id,
        OrganisationId = cause.OrganisationId,
        ServerId = cause.ServerId,
        Kind = OperationKind.StandingWatch,
        TargetGeneration = progress.Generation ?? cause.FromGeneration ?? 0,
        TargetSystem = progress.Target?.Text ?? cause.FromSystem ?? "",
        FromGeneration = cause.TargetGeneration,
        FromSystem = cause.TargetSystem,
        Reason = "",
        AuthorId = Guid.Empty,
        AuthorName = GenerationMark.Itself,
        StartedAt = time.GetUtcNow(),
        Undoes = cause.Id,
        State = OperationState.Running,
    };
}
