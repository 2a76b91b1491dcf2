using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Runs of checks, newest first.</summary>
public sealed class CheckHistory(Database database)
{
    private const int PageSize = 50;

    /// <summary>Those of one server; empty for a server that is not of the caller's organisation.</summary>
    public async Task<IReadOnlyList<CheckRun>> OfServerAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.CheckRuns.AsNoTracking().Where(run => run.ServerId == server).OrderByDescending(run => run.StartedAt).Take(PageSize).ToListAsync(cancellationToken);
        }
    }

    /// <summary>One run; null when the organisation has no such one.</summary>
    public async Task<CheckRun?> FindAsync(Caller caller, Guid run, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.CheckRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == run, cancellationToken);
        }
    }
}
