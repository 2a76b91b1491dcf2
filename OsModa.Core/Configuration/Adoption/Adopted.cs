using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Which servers have their configuration in the repository.</summary>
public sealed class Adopted(Database database)
{
    /// <summary>All servers of the organisation that are in the repository.</summary>
    public async Task<IReadOnlySet<ServerId>> AllAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return (await context.ServerSources.AsNoTracking().Select(source => source.ServerId).ToListAsync(cancellationToken)).ToHashSet();
        }
    }

    /// <summary>How a server's system comes out of the repository; null while it was not adopted.</summary>
    public async Task<ServerSource?> FindAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.ServerSources.AsNoTracking().SingleOrDefaultAsync(source => source.ServerId == server, cancellationToken);
        }
    }
}
