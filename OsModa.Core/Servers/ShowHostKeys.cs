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
}
