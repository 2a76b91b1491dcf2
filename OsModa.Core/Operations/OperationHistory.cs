using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>What was done to servers, newest first; rows only ever come, none goes.</summary>
public sealed class OperationHistory(Database database)
{
    public const int PageSize = 50;

    /// <summary>Rows that marks are worked out from: more than a person remembers.</summary>
    private const int MarkRows = 500;

    /// <summary>A page of one server; empty for a server that is not of the caller's organisation.</summary>
    public Task<IReadOnlyList<Operation>> OfServerAsync(Caller caller, ServerId server, int skip = 0, CancellationToken cancellationToken = default) =>
        ReadAsync(caller, rows => rows.Where(o => o.ServerId == server), skip, PageSize, cancellationToken);

    /// <summary>A page of the organisation.</summary>
    public Task<IReadOnlyList<Operation>> AllAsync(Caller caller, int skip = 0, CancellationToken cancellationToken = default) =>
        ReadAsync(caller, rows => rows, skip, PageSize, cancellationToken);

    /// <summary>One operation; null when the organisation has no such one.</summary>
    public async Task<Operation?> FindAsync(Caller caller, Guid operation, CancellationToken cancellationToken = default) =>
        (await ReadAsync(caller, rows => rows.Where(o => o.Id == operation), 0, 1, cancellationToken)).SingleOrDefault();

    /// <summary>The open operation of a server, if there is one.</summary>
    public async Task<Operation?> OpenOfAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default) =>
        (await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && (o.State == OperationState.Intended || o.State == OperationState.Running)), 0, 1, cancellationToken)).SingleOrDefault();

    /// <summary>Systems of a server that are marked bad, by store path.</summary>
    public async Task<ImmutableDictionary<string, GenerationMark>> MarksAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default) =>
        GenerationMark.From(await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && o.Kind == OperationKind.RollBack), 0, MarkRows, cancellationToken));

    /// <summary>How long rollbacks of this server usually take on it: the median of its last nine; null when there were none.</summary>
    public async Task<TimeSpan?> UsualAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default)
    {
        var times = (await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && o.State == OperationState.Verified && o.Took != null && !o.OnlyNextBoot), 0, 9, cancellationToken))
            .Select(o => o.Took!.Value).Order().ToList();
        return times.Count == 0 ? null : times[times.Count / 2];
    }

    private async Task<IReadOnlyList<Operation>> ReadAsync(Caller caller, Func<IQueryable<Operation>, IQueryable<Operation>> choose, int skip, int take, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await choose(context.Operations.AsNoTracking()).OrderByDescending(o => o.StartedAt).ThenByDescending(o => o.Id).Skip(skip).Take(take).ToListAsync(cancellationToken);
        }
    }
}
