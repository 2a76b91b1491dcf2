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

    /// <summary>The newest run that built what a commit makes of a server.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="server">Of which server.</param>
    /// <param name="commit">All of its digits, or so many of the first that it is the only one.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>Null when nobody had it built, or the organisation has no such server.</returns>
    public async Task<CheckRun?> BuiltAsync(Caller caller, ServerId server, CommitPrefix commit, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.CheckRuns.AsNoTracking()
                .Where(run => run.ServerId == server && !run.IsDraft && run.State == CheckState.Passed && run.System != null && run.Commit.StartsWith(commit.Text))
                .OrderByDescending(run => run.StartedAt)
                .FirstOrDefaultAsync(cancellationToken);
        }
    }

    /// <summary>The newest run of all that checked a commit for a server, however it stands; null when there was none.</summary>
    public async Task<CheckRun?> NewestAsync(Caller caller, ServerId server, CommitId commit, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.CheckRuns.AsNoTracking().Where(run => run.ServerId == server && !run.IsDraft && run.Commit == commit.Text).OrderByDescending(run => run.StartedAt).FirstOrDefaultAsync(cancellationToken);
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
