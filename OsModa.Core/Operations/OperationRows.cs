using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>The rows of operations as those who follow them write them: each step only forward, and only from the state it expects.</summary>
public sealed class OperationRows(Database database, TimeProvider time, ILogger<OperationRows> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private ImmutableArray<Action<ServerId>> _subscribers = [];

    /// <summary>Calls <paramref name="changed"/> after a row of a server has changed, on the writer's thread: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<ServerId> changed)
    {
        ImmutableInterlocked.Update(ref _subscribers, static (all, one) => all.Add(one), changed);
        return new Subscription(this, changed);
    }

    /// <summary>All that are open, of every organisation.</summary>
    internal async Task<IReadOnlyList<Operation>> OpenAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.Operations.AsNoTracking().Where(o => o.State == OperationState.Intended || o.State == OperationState.Running).ToListAsync(cancellationToken);
        }
    }

    internal Task RunningAsync(Operation operation, CancellationToken cancellationToken) => UpdateAsync(
        operation,
        rows => rows.Where(o => o.State == OperationState.Intended).ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OperationState.Running), cancellationToken),
        cancellationToken);

    internal Task EndAsync(Operation operation, Judgement judgement, SwitchProgress? progress, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var stages = StageRecord.Write(progress?.Stages ?? []);
        var output = string.Join('\n', progress?.Output ?? []);
        var took = progress?.Outcome?.Took;
        return UpdateAsync(
            operation,
            rows => rows.Where(o => o.State == OperationState.Intended || o.State == OperationState.Running).ExecuteUpdateAsync(
                set => set.SetProperty(o => o.State, judgement.State).SetProperty(o => o.Verdict, judgement.Verdict).SetProperty(o => o.Outcome, judgement.Sentence)
                    .SetProperty(o => o.FinishedAt, now).SetProperty(o => o.Stages, stages).SetProperty(o => o.Output, output).SetProperty(o => o.Took, took),
                cancellationToken),
            cancellationToken);
    }

    /// <summary>What had been verified turned out worse.</summary>
    internal Task WorsenAsync(Operation operation, string sentence, CancellationToken cancellationToken) => UpdateAsync(
        operation,
        rows => rows.Where(o => o.State == OperationState.Verified).ExecuteUpdateAsync(
            set => set.SetProperty(o => o.State, OperationState.Failed).SetProperty(o => o.Verdict, SwitchVerdict.Unhealthy).SetProperty(o => o.Outcome, sentence), cancellationToken),
        cancellationToken);

    // An outcome must not be lost to a full disk or a lock: it is tried until it is written.
    private async Task UpdateAsync(Operation operation, Func<IQueryable<Operation>, Task<int>> update, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var context = database.OpenFor(operation.OrganisationId);
                await using (context)
                {
                    await update(context.Operations.Where(o => o.Id == operation.Id));
                }

                Tell(operation.ServerId);
                return;
            }
            catch (Exception failed) when (failed is DbUpdateException or System.Data.Common.DbException)
            {
                log.LogError(failed, "The state of operation {Operation} cannot be written; trying again", operation.Id);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>A row was written by somebody else in this process.</summary>
    internal void Tell(ServerId server)
    {
        foreach (var changed in _subscribers)
        {
            changed(server);
        }
    }

    private sealed class Subscription(OperationRows rows, Action<ServerId> changed) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref rows._subscribers, static (all, one) => all.Remove(one), changed);
    }
}
