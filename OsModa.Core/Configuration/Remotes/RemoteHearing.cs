using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Keeps what visits to remote repositories came to: in the database, in the ledger where it is more than an answer, and for who looks at a page.</summary>
internal sealed class RemoteHearing(Database database, RemoteNews news, LedgerWriter ledger, TimeProvider time, ILogger log)
{
    // An answer a minute is not worth a write a minute.
    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _heard = new();

    /// <summary>When the organisation's remote last answered, in this process or an earlier one.</summary>
    public DateTimeOffset? LastOf(ConfigurationRemote row) => _heard.TryGetValue(row.OrganisationId, out var at) && !(row.HeardAt > at) ? at : row.HeardAt;

    public async Task TakeAsync(Guid organisation, RemoteHeard heard)
    {
        try
        {
            await WriteAsync(organisation, heard);
        }
        catch (Exception full) when (full.IsDatabaseTrouble())
        {
            // What was fetched is here all the same; the page is behind until the next visit.
            log.LogError(full, "What came of a visit to the remote repository of {Organisation} could not be written down", organisation);
        }

        news.Tell(organisation);
    }

    private async Task WriteAsync(Guid organisation, RemoteHeard heard)
    {
        var context = database.OpenFor(organisation);
        await using (context)
        {
            if (await context.ConfigurationRemotes.SingleOrDefaultAsync() is not { } row)
            {
                return;
            }

            var (now, alarmed) = (time.GetUtcNow(), row.HostKeyAlarm is not null);
            if (heard.Fault is { } fault)
            {
                row.HeardAt = LastOf(row);
                (row.Fault, row.FaultSince) = (Short(fault.Detail), row.FaultSince ?? now);
                row.HostKeyAlarm ??= fault.Kind == ConnectionFaultKind.HostKeyChanged ? new HostKeyAlarm { SeenAt = now, Shown = [.. fault.Offered] } : null;
            }
            else
            {
                _heard[organisation] = now;
                row.HeardAt = row.Fault is not null || heard.To is not null || !(now - row.HeardAt < Coarse) ? now : row.HeardAt;
                (row.Fault, row.FaultSince) = (null, null);
            }

            if (heard.Rewritten)
            {
                (row.RewrittenAt, row.RewrittenFrom, row.RewrittenTo) = (now, heard.From?.Text, heard.To?.Text);
            }

            await context.SaveChangesAsync();
            await NoteAsync(row, heard, alarmed);
        }
    }

    private Task NoteAsync(ConfigurationRemote row, RemoteHeard heard, bool alarmed)
    {
        var who = LedgerActor.Dashboard(row.OrganisationId);
        var details = LedgerVerbs.Details(("address", row.Address), ("branch", row.Branch), ("from", heard.From?.Text), ("to", heard.To?.Text), ("shown", string.Join(' ', row.HostKeyAlarm?.Shown ?? [])));
        return heard switch
        {
            { Fault: { Kind: ConnectionFaultKind.HostKeyChanged } changed } when !alarmed => ledger.NoticeAsync(who, "configuration.remote.host-key-alarm", changed.Detail, details: details),
            { Rewritten: true } => ledger.NoticeAsync(who, "configuration.remote.rewritten", $"The history of {row.Branch} was rewritten there. The head before, {heard.From?.Short}, is kept here and is in the history no more.", details: details),
            { To: not null } => ledger.NoticeAsync(who, "configuration.remote.moved", $"Somebody pushed to {row.Branch}: it is at {heard.To?.Short} now.", details: details),
            _ => Task.CompletedTask,
        };
    }

    private static string Short(string text) => text.Length > ConfigurationRemoteTable.LongestFault ? text[..ConfigurationRemoteTable.LongestFault] : text;
}
