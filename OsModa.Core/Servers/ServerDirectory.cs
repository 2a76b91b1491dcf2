using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Storage;

namespace OsModa.Core.Servers;

public enum ServerChangeKind
{
    Added,
    /// <summary>Any of what people say of it: the way to it may be another one.</summary>
    Changed,
    Removed,
}

/// <summary>One server of the list was added, changed or removed, and that is in the database already.</summary>
public sealed record ServerChange(ServerChangeKind Kind, ServerId Server, Guid OrganisationId);

/// <summary>Which servers there are, and a signal when that changes.</summary>
public sealed class ServerDirectory(Database database)
{
    private readonly Listeners<ServerChange> _changed = new();

    /// <summary>The servers of the caller's organisation, by name.</summary>
    public async Task<IReadOnlyList<Server>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Servers.AsNoTracking().OrderBy(s => s.Name).ToListAsync(cancellationToken);
        }
    }

    /// <summary>One of them; null when there is none, or when it is another organisation's.</summary>
    public async Task<Server?> FindAsync(Caller caller, ServerId server, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == server, cancellationToken);
        }
    }

    /// <summary>The servers of all organisations: for whoever watches them. Subscribe first, then list, and nothing is missed.</summary>
    public async Task<IReadOnlyList<Server>> ListAllAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.Servers.AsNoTracking().OrderBy(s => s.Id).ToListAsync(cancellationToken);
        }
    }

    /// <summary>One server whosever it is; null when it is gone.</summary>
    public async Task<Server?> FindAnyAsync(ServerId server, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == server, cancellationToken);
        }
    }

    /// <summary>Calls <paramref name="changed"/> for each change on the thread of whoever made it: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<ServerChange> changed) => _changed.Add(changed);

    /// <summary>For verbs, once their change is in the database.</summary>
    public void Announce(ServerChange change) => _changed.Tell(change);
}
