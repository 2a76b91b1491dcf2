using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>The rows of operations as those who follow them write them: each step only forward, and only from the state it expects.</summary>
public sealed class OperationRows(Database database, LedgerWriter ledger, TimeProvider time, ILogger<OperationRows> log)
{
    private readonly Listeners<ServerId> _changed = new();

    /// <summary>Calls <paramref name="changed"/> after a row of a server has changed, on the writer's thread: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<ServerId> changed) => _changed.Add(changed);

    /// <summary>All that are open, of every organisation.</summary>
    internal async Task<IReadOnlyList<Operation>> OpenAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.Operations.AsNoTracking().Where(o => o.State == OperationState.Intended || o.State == OperationState.Running).ToListAsync(cancellationToken);
        }
    }

    /// <summary>All that have ended well so lately that their aftermath is not over, of every organisation.</summary>
    internal async Task<IReadOnlyList<Operation>> JustVerifiedAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - Aftermath.Length;
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.Operations.AsNoTracking()
                .Where(o => o.State == OperationState.Verified && !o.OnlyNextBoot && o.FinishedAt > since && (o.Kind == OperationKind.Deploy || o.Kind == OperationKind.RollBack))
                .ToListAsync(cancellationToken);
        }
    }

    internal Task RunningAsync(Operation operation, CancellationToken cancellationToken) => UpdateAsync(
        operation,
        rows => rows.Where(o => o.State == OperationState.Intended).ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OperationState.Running), cancellationToken),
        cancellationToken);

    /// <summary>The end, its times, and the quarantine of what went wrong, all at once.</summary>
    internal async Task EndAsync(Operation operation, Judgement judgement, SwitchProgress? progress, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ended = false;
        await ChangeAsync(operation, o => !o.Ended, (context, row) =>
        {
            ended = true;
            var times = progress is not null && judgement.State == OperationState.RolledBack ? RecoveryTimes.From(progress) : null;
            (row.State, row.Verdict, row.Outcome, row.FinishedAt) = (judgement.State, judgement.Verdict, judgement.Sentence, now);
            (row.Stages, row.Output) = (StageRecord.Write(progress?.Stages ?? []), string.Join('\n', progress?.Output ?? []));
            (row.Took, row.Watched) = (progress?.Outcome?.Took, progress is null ? "" : WatchRecord.Write(progress));
            (row.Noticed, row.Decided, row.SwitchedBack, row.Recovered) = (times?.Noticed, times?.Decided, times?.SwitchedBack, times?.Verified);
            if (row.StoppedBy.Length == 0 && progress?.Trouble is [{ Kind: "stopped" }, ..])
            {
                row.StoppedBy = "a person";         // the server was told, and its answer to who told it came too late
            }

            if (row is { Kind: OperationKind.Deploy, TargetGeneration: 0, State: OperationState.Verified })
            {
                row.TargetGeneration = progress?.Outcome?.ProfileGeneration ?? 0;
            }

            if (row.GivenUp is { } system && !context.Quarantines.Any(q => q.System == system && q.LiftedAt == null))
            {
                context.Quarantines.Add(Quarantined(row, system, now));
            }
        }, cancellationToken);
        if (ended)
        {
            var details = LedgerVerbs.Details(("state", judgement.State.ToString()), ("verdict", judgement.Verdict?.ToString()), ("took", progress?.Outcome?.Took.ToString("c")));
            await ledger.OutcomeAsync(OperationTold.Intent(operation), OperationTold.Outcome(judgement.State), judgement.Sentence, OperationTold.Details(operation).AddRange(details));
        }
    }

    /// <summary>The server has taken our confirmation.</summary>
    /// <param name="operation">Which one.</param>
    /// <param name="by">Name of the person; empty for the dashboard by itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal Task ConfirmedAsync(Operation operation, string by, CancellationToken cancellationToken) =>
        ChangeAsync(operation, o => o.ConfirmedAt is null, (_, row) => (row.ConfirmedAt, row.ConfirmedBy) = (time.GetUtcNow(), by), cancellationToken);

    /// <summary>A person has stopped it.</summary>
    internal Task StoppedAsync(Operation operation, string by, CancellationToken cancellationToken) =>
        ChangeAsync(operation, o => !o.Ended && o.StoppedBy.Length == 0, (_, row) => row.StoppedBy = by, cancellationToken);

    /// <summary>What had been verified turned out worse.</summary>
    internal async Task WorsenAsync(Operation operation, string sentence, CancellationToken cancellationToken)
    {
        await UpdateAsync(
            operation,
            rows => rows.Where(o => o.State == OperationState.Verified).ExecuteUpdateAsync(
                set => set.SetProperty(o => o.State, OperationState.Failed).SetProperty(o => o.Verdict, SwitchVerdict.Unhealthy).SetProperty(o => o.Outcome, sentence), cancellationToken),
            cancellationToken);
        await ledger.NoticeAsync(LedgerActor.Dashboard(operation.OrganisationId), "server.worse-after-switch", sentence, operation.ServerId, OperationTold.Details(operation));
    }

    private Task ChangeAsync(Operation operation, Func<Operation, bool> still, Action<DashboardContext, Operation> change, CancellationToken cancellationToken) => UpdateAsync(
        operation,
        async context =>
        {
            if (await context.Operations.SingleOrDefaultAsync(o => o.Id == operation.Id, cancellationToken) is { } row && still(row))
            {
                change(context, row);
                await context.SaveChangesAsync(cancellationToken);
            }
        },
        cancellationToken);

    private static Quarantine Quarantined(Operation operation, string system, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganisationId = operation.OrganisationId,
        System = system,
        ServerId = operation.ServerId,
        Generation = (operation.Kind == OperationKind.StandingWatch ? operation.FromGeneration : operation.TargetGeneration) ?? 0,
        OperationId = operation.Id,
        Reason = WatchRecord.Read(operation.Watched).Reason ?? operation.Outcome,
        At = now,
    };

    private Task UpdateAsync(Operation operation, Func<IQueryable<Operation>, Task<int>> update, CancellationToken cancellationToken) =>
        UpdateAsync(operation, context => update(context.Operations.Where(o => o.Id == operation.Id)), cancellationToken);

    // An outcome must not be lost to a full disk or a lock: it is tried until it is written.
    private async Task UpdateAsync(Operation operation, Func<DashboardContext, Task> update, CancellationToken cancellationToken)
    {
        await time.InsistAsync(
            async () =>
            {
                var context = database.OpenFor(operation.OrganisationId);
                await using (context)
                {
                    await update(context);
                }
            },
            failed => log.LogError(failed, "The state of operation {Operation} cannot be written; trying again", operation.Id),
            cancellationToken);
        Tell(operation.ServerId);
    }

    /// <summary>A row was written by somebody else in this process.</summary>
    internal void Tell(ServerId server) => _changed.Tell(server);
}
