using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Ssh;

/// <summary>Reads from the database how a server is reached, and checks every word of it again.</summary>
internal sealed class SshRoutes(Database database)
{
    private const int JumpsAllowed = 4;

    /// <exception cref="ConnectionException">There is no such server.</exception>
    public async Task<Server> ServerAsync(ServerId id, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellationToken)
                ?? throw Broken("This server is not in the list any more.");
        }
    }

    /// <exception cref="ConnectionException">An entry makes no sense, or jump hosts go round in a circle.</exception>
    public async Task<SshRoute> RouteAsync(Server server, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(server.OrganisationId);
        await using (context)
        {
            var hops = new List<SshHop> { Hop(server) };
            for (var next = server.JumpThrough; next is { } id;)
            {
                if (hops.Count > JumpsAllowed || hops.Exists(h => h.Id == id))
                {
                    throw Broken($"The jump hosts of {server.Name} go round in a circle, or there are more than {JumpsAllowed}. Change one of them on its settings page.");
                }

                // The context sees this organisation alone: nobody gets led through another's servers.
                var jump = await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellationToken)
                    ?? throw Broken($"The jump host of {server.Name} is not in the list any more. Choose another on its settings page.");
                hops.Insert(0, Hop(jump));
                next = jump.JumpThrough;
            }

            return new SshRoute(server.OrganisationId, [.. hops]);
        }
    }

    public static ConnectionException Broken(string sentence) => new(new ConnectionFault(ConnectionFaultKind.Ours, sentence));

    private static SshHop Hop(Server server)
    {
        if (!HostAddress.TryParse(server.Address, out var address, out var error) || !LoginName.TryParse(server.Login, out var login, out error))
        {
            throw Broken($"The entry of {server.Name} is broken. {error}");
        }

        return server.Port is < 1 or > 65535
            ? throw Broken($"The entry of {server.Name} is broken: {server.Port} is not a port.")
            : new SshHop(server.Id, address, server.Port, login, [.. Keys(server)]);
    }

    private static IEnumerable<HostKey> Keys(Server server)
    {
        foreach (var pinned in server.HostKeys)
        {
            if (HostKey.TryParse(pinned.Type, pinned.Key, out var key))
            {
                yield return key;
            }
        }
    }
}
