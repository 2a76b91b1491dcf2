using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Reads and writes rollouts, and tells who waits for a change of one.</summary>
public sealed class RolloutRows(Database database, LedgerWriter ledger, TimeProvider time)
{
    internal const string Verb = "configuration.roll-out", NotTouched = "Not touched: the rollout was stopped before.";

    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the next change of any rollout.</summary>
    internal Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>The newest rollouts of an organisation.</summary>
    public async Task<IReadOnlyList<Rollout>> ListAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Rollouts.AsNoTracking().OrderByDescending(r => r.StartedAt).Take(50).ToListAsync(cancellationToken);
        }
    }

    /// <summary>One rollout; null when the organisation has no such one.</summary>
    public async Task<RolloutView?> FindAsync(Caller caller, Guid rollout, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await ViewAsync(context, rollout, cancellationToken);
        }
    }

    internal async Task<RolloutView?> FindAnyAsync(Guid rollout, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await ViewAsync(context, rollout, cancellationToken);
        }
    }

    /// <summary>Those that an earlier process left under way.</summary>
    internal async Task<IReadOnlyList<Guid>> OpenAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.Rollouts.Where(r => r.State == RolloutState.Checking || r.State == RolloutState.Deploying || r.State == RolloutState.Stopping).Select(r => r.Id).ToListAsync(cancellationToken);
        }
    }

    /// <summary>Where a server's system is built.</summary>
    internal async Task<ServerId> MachineAsync(ServerId server, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.ServerSources.Where(source => source.ServerId == server).Select(source => source.BuilderId).FirstOrDefaultAsync(cancellationToken) ?? server;
        }
    }

    /// <summary>Who began it, with the rights of this moment; null when they are gone or may not act any more.</summary>
    internal async Task<Caller?> AuthorAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var membership = await context.Memberships.AsNoTracking().SingleOrDefaultAsync(m => m.PersonId == rollout.AuthorId && m.OrganisationId == rollout.OrganisationId, cancellationToken);
            return membership is { Role: >= Role.Operator } ? new Caller(rollout.AuthorId, rollout.AuthorName, rollout.OrganisationId, membership.Role) : null;
        }
    }

    /// <returns>False when it is not come to any more; nothing is written then.</returns>
    internal async Task<bool> SetAsync(RolloutServer server, RolloutServerState state, string text, CancellationToken cancellationToken)
    {
        int written;
        var context = database.OpenForAll();
        await using (context)
        {
            // One that is not come to any more stays so, whatever its checks find.
            written = await context.RolloutServers.Where(s => s.RolloutId == server.RolloutId && s.ServerId == server.ServerId && s.State != RolloutServerState.Skipped)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.State, state).SetProperty(s => s.Text, text), cancellationToken);
        }

        Tell();
        return written > 0;
    }

    /// <summary>What became of a server that is not come to any more.</summary>
    internal async Task SayAsync(RolloutServer server, string text, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            await context.RolloutServers.Where(s => s.RolloutId == server.RolloutId && s.ServerId == server.ServerId && s.State == RolloutServerState.Skipped)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.Text, text), cancellationToken);
        }

        Tell();
    }

    /// <summary>A server is looked at once more, by checks of their own: what they found before is of the past.</summary>
    internal async Task LookAgainAsync(RolloutServer server, Guid check, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            await context.RolloutServers.Where(s => s.RolloutId == server.RolloutId && s.ServerId == server.ServerId && s.State != RolloutServerState.Skipped)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.State, RolloutServerState.Waiting).SetProperty(s => s.CheckId, check).SetProperty(s => s.TypedName, "").SetProperty(s => s.Text, ""), cancellationToken);
        }

        Tell();
    }

    /// <summary>A person wants no more of it: what is switched now goes to its end, nothing else begins.</summary>
    /// <returns>Servers whose checks are under way, or are about to begin in this moment.</returns>
    internal async Task<IReadOnlyList<RolloutServer>> StopAsync(RolloutView view, string person, CancellationToken cancellationToken)
    {
        int stopping;
        var context = database.OpenForAll();
        await using (context)
        {
            stopping = await context.Rollouts.Where(r => r.Id == view.Rollout.Id && r.State == RolloutState.Deploying)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RolloutState.Stopping).SetProperty(r => r.Outcome, $"{person} stopped it."), cancellationToken);
        }

        Tell();
        if (stopping > 0 || await FindAnyAsync(view.Rollout.Id, cancellationToken) is not { } now)
        {
            return [];
        }

        await EndAsync(now, $"{person} gave it up.", cancellationToken);
        return [.. now.Servers.Where(server => server.State is RolloutServerState.Waiting or RolloutServerState.Checking)];
    }

    /// <summary>Those that were not come to are left alone, and it is over.</summary>
    internal async Task EndAsync(RolloutView view, string why, CancellationToken cancellationToken)
    {
        foreach (var server in view.Servers.Where(server => server.State is RolloutServerState.Waiting or RolloutServerState.Checking or RolloutServerState.Changes))
        {
            await SetAsync(server, RolloutServerState.Skipped, NotTouched, cancellationToken);
        }

        var done = view.Servers.Count(server => server.State == RolloutServerState.Deployed);
        await SetAsync(view.Rollout, RolloutState.Stopped, $"{why} {(done == 0 ? "No server runs it because of this rollout." : $"{done} of {view.Servers.Length} servers run it; the others were not touched.")}", cancellationToken);
    }

    /// <returns>False when it is over, or a person stopped it and it cannot go on; nothing is written then.</returns>
    internal async Task<bool> SetAsync(Rollout rollout, RolloutState state, string outcome, CancellationToken cancellationToken)
    {
        int written;
        var isOver = state is RolloutState.Done or RolloutState.Stopped;
        DateTimeOffset? ended = isOver ? time.GetUtcNow() : null;
        var context = database.OpenForAll();
        await using (context)
        {
            written = await context.Rollouts.Where(r => r.Id == rollout.Id && r.State != RolloutState.Done && r.State != RolloutState.Stopped && (isOver || r.State != RolloutState.Stopping))
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, state).SetProperty(r => r.Outcome, outcome).SetProperty(r => r.EndedAt, ended), cancellationToken);
        }

        if (isOver && written > 0)
        {
            var intent = new LedgerIntent(rollout.Id, new LedgerActor(rollout.OrganisationId, rollout.AuthorId, rollout.AuthorName), Verb, null);
            await ledger.OutcomeAsync(intent, state == RolloutState.Done ? LedgerOutcome.Done : LedgerOutcome.Failed, outcome);
        }

        Tell();
        return written > 0;
    }

    internal void Tell()
    {
        lock (_lock)
        {
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static async Task<RolloutView?> ViewAsync(DashboardContext context, Guid rollout, CancellationToken cancellationToken) =>
        await context.Rollouts.AsNoTracking().SingleOrDefaultAsync(r => r.Id == rollout, cancellationToken) is { } row
            ? new RolloutView(row, [.. await context.RolloutServers.AsNoTracking().Where(s => s.RolloutId == rollout).OrderBy(s => s.Position).ToListAsync(cancellationToken)])
            : null;
}
