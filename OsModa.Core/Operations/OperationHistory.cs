using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>What was done to servers, newest first; rows only ever come, none goes.</summary>
public sealed class OperationHistory(Database database)
{
    private const int Most = 200;

    /// <summary>Of one server of the caller's organisation; empty for a server that is not.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="server">Which server.</param>
    /// <param name="take">How many, 200 at most.</param>
    /// <param name="before">Only older ones: the <see cref="Operation.StartedAt"/> of the last one shown.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<Operation>> OfAsync(Caller caller, ServerId server, int take, DateTimeOffset? before, CancellationToken cancellationToken) =>
        ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && (before == null || o.StartedAt < before)), take, cancellationToken);

    /// <summary>Of all servers of the caller's organisation.</summary>
    public Task<IReadOnlyList<Operation>> OfAllAsync(Caller caller, int take, DateTimeOffset? before, CancellationToken cancellationToken) =>
        ReadAsync(caller, rows => rows.Where(o => before == null || o.StartedAt < before), take, cancellationToken);

    /// <summary>One operation; null when the organisation has no such one.</summary>
    public async Task<Operation?> FindAsync(Caller caller, Guid operation, CancellationToken cancellationToken) =>
        (await ReadAsync(caller, rows => rows.Where(o => o.Id == operation), 1, cancellationToken)).SingleOrDefault();

    /// <summary>The open operation of a server, if there is one.</summary>
    public async Task<Operation?> OpenOfAsync(Caller caller, ServerId server, CancellationToken cancellationToken) =>
        (await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && (o.State == OperationState.Intended || o.State == OperationState.Running)), 1, cancellationToken)).SingleOrDefault();

    /// <summary>Systems of a server that are marked bad, by store path.</summary>
    public async Task<ImmutableDictionary<string, GenerationMark>> MarksAsync(Caller caller, ServerId server, CancellationToken cancellationToken) =>
        GenerationMark.From(await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && o.Kind == OperationKind.RollBack), Most, cancellationToken));

    /// <summary>How long rollbacks of this server usually take on it: the median of its last nine; null when there were none.</summary>
    public async Task<TimeSpan?> UsualAsync(Caller caller, ServerId server, CancellationToken cancellationToken)
    {
        var times = (await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && o.State == OperationState.Verified && o.Took != null && !o.OnlyNextBoot), 9, cancellationToken))
            .Select(o => o.Took!.Value).Order().ToList();
        return times.Count == 0 ? null : times[times.Count / 2];
    }

    private async Task<IReadOnlyList<Operation>> ReadAsync(Caller caller, Func<IQueryable<Operation>, IQueryable<Operation>> choose, int take, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await choose(context.Operations.AsNoTracking()).OrderByDescending(o => o.StartedAt).ThenByDescending(o => o.Id).Take(Math.Clamp(take, 1, Most)).ToListAsync(cancellationToken);
        }
    }
}
