using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Live;

/// <summary>The servers of each organisation, kept in memory for pages that show many.</summary>
public sealed class ServerBook(Database database)
{
    private readonly ConcurrentDictionary<Guid, ImmutableArray<ServerCard>> _cards = new();

    public async Task<ImmutableArray<ServerCard>> OfAsync(Guid organisation, CancellationToken cancellationToken = default) =>
        _cards.TryGetValue(organisation, out var cards) ? cards : await ReadAsync(organisation, cancellationToken);

    /// <summary>The whole row of one server of the caller's organisation; null when it has no such one.</summary>
    public async Task<Server?> FindAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == server, cancellationToken);
        }
    }

    /// <summary>Reads them anew.</summary>
    public async Task<ImmutableArray<ServerCard>> ReadAsync(Guid organisation, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(organisation);
        await using (context)
        {
            var servers = await context.Servers.AsNoTracking().OrderBy(s => s.Name).ToListAsync(cancellationToken);
            return _cards[organisation] = [.. servers.Select(ServerCard.Of)];
        }
    }
}
