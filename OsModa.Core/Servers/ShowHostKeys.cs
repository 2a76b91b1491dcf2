using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Servers;

/// <summary>Reads the host keys that a server shows now, for a person to compare. Nothing is sent to the server that tells who asks.</summary>
public sealed class ShowHostKeys(Database database, RemoteShells shells)
{
    /// <summary>Of a server in the list.</summary>
    /// <exception cref="ConnectionException">It cannot be reached; or there is none.</exception>
    public async Task<IReadOnlyList<HostKey>> OfAsync(Caller caller, ServerId server, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            var row = await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == server, cancellationToken)
                ?? throw SshRoutes.Broken("This server is not in the list any more.");
            return row.Simulated
                ? shells.ReadSimulatedHostKeys(row)
                : await shells.ReadHostKeysAsync(await new SshRoutes(database).RouteAsync(row, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Of a server that is about to be added.</summary>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="jumpThrough">A server of the organisation to go through, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConnectionException">It cannot be reached.</exception>
    public async Task<IReadOnlyList<HostKey>> AtAsync(Caller caller, HostAddress address, int port, ServerId? jumpThrough, CancellationToken cancellationToken)
    {
        var candidate = new Server
        {
            Id = ServerId.New(),
            OrganisationId = caller.OrganisationId,
            Name = address.Text,
            Address = address.Text,
            Port = port,
            Login = LoginName.Root.Text,
            JumpThrough = jumpThrough,
            AddedAt = default,
        };
        return await shells.ReadHostKeysAsync(await new SshRoutes(database).RouteAsync(candidate, cancellationToken), cancellationToken);
    }
}
