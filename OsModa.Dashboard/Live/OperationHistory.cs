using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Live;

/// <summary>What was done to servers, newest first; rows only come, never go.</summary>
public sealed class OperationHistory(Database database)
{
    public const int PageSize = 50;

    /// <summary>The newest of one server.</summary>
    public Task<IReadOnlyList<Operation>> OfServerAsync(Caller caller, ServerId server, int skip = 0, CancellationToken cancellationToken = default) =>
        ReadAsync(caller, rows => rows.Where(o => o.ServerId == server), skip, cancellationToken);

    /// <summary>The newest of the organisation.</summary>
    public Task<IReadOnlyList<Operation>> AllAsync(Caller caller, int skip = 0, CancellationToken cancellationToken = default) =>
        ReadAsync(caller, rows => rows, skip, cancellationToken);

    public async Task<Operation?> FindAsync(Caller caller, Guid operation, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Operations.AsNoTracking().SingleOrDefaultAsync(o => o.Id == operation, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Operation>> ReadAsync(Caller caller, Func<IQueryable<Operation>, IQueryable<Operation>> which, int skip, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            // By id: ids are version 7, so they grow with time, and SQLite cannot order by a time with its zone.
            return await which(context.Operations.AsNoTracking()).OrderByDescending(o => o.Id).Skip(skip).Take(PageSize).ToListAsync(cancellationToken);
        }
    }
}
