using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Servers;

/// <summary>Keeps in the database that a server showed a wrong host key, so that neither a restart nor the old key's return makes us talk to it again.</summary>
internal sealed class HostKeyAlarms(Database database, LedgerWriter? ledger, TimeProvider time, ILogger log)
{
    /// <summary>The fault that stands from before, for the first hop that has one; null: none.</summary>
    public async Task<ConnectionFault?> StandingAsync(SshRoute route, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(route.Organisation);
        await using (context)
        {
            foreach (var hop in route.Hops)
            {
                var alarm = await context.Servers.AsNoTracking().Where(s => s.Id == hop.Id).Select(s => s.HostKeyAlarm).SingleOrDefaultAsync(cancellationToken);
                if (alarm is not null)
                {
                    return SshFaults.HostKeyChanged(route, hop, alarm.Shown);
                }
            }
        }

        return null;
    }

    public async Task RaiseAsync(Guid organisation, ConnectionFault fault)
    {
        try
        {
            var context = database.OpenFor(organisation);
            await using (context)
            {
                var row = await context.Servers.SingleOrDefaultAsync(s => s.Id == fault.KeyOf);
                if (row is { HostKeyAlarm: null })
                {
                    row.HostKeyAlarm = new HostKeyAlarm { SeenAt = time.GetUtcNow(), Shown = [.. fault.Offered] };
                    await context.SaveChangesAsync();
                    await (ledger?.NoticeAsync(LedgerActor.Dashboard(organisation), "server.host-key-alarm", fault.Detail, row.Id, LedgerVerbs.Details(("shown", string.Join(' ', fault.Offered)))) ?? Task.CompletedTask);
                }
            }
        }
        catch (DbUpdateException e)
        {
            // The connection is closed and stays so in this process; only a restart would forget it, and meet the same key again.
            log.LogError(e, "The alarm about the host key of {Server} could not be written down", fault.KeyOf);
        }
    }
}
