using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>
/// Writes down, once of each, what the journal of a server or its teachd tells and its own chain does not. <see cref="Coverage"/> shows the newest of them; what is an entry can be searched for, is in every export, and stays.
/// </summary>
public sealed class TellNotAudited(Coverage coverage, LedgerQueries queries, LedgerStore store, ServerDirectory directory, ObserverHost observers, TimeProvider time, ILogger<TellNotAudited> log)
{
    public const string Verb = "chain.not-audited";

    public static readonly TimeSpan Round = TimeSpan.FromMinutes(10);

    private const string Entry = "entry";

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Round, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            foreach (var server in await ServersAsync(stop))
            {
                try
                {
                    await TellAsync(server, observers.ChainOf(server.Id)?.Standing, stop);
                }
                catch (Exception e) when (e is LedgerDamagedException or DbException)
                {
                    log.LogError(e, "What the chain of {Server} does not tell of could not be written down; it is tried again in {Round}", server.Id, Round);
                }
            }
        }
    }

    /// <summary>One look at one server.</summary>
    /// <param name="server">Which one.</param>
    /// <param name="standing">Of its chain. Only one that was copied to its end says what is not in it; what happened since it was read is not judged.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="LedgerDamagedException">It cannot be written down.</exception>
    internal async Task TellAsync(Server server, ChainStanding? standing, CancellationToken stop)
    {
        if (standing is not { Status: ChainStatus.Verified, FailingSince: null, ReadAt: { } read })
        {
            return;
        }

        // What has no text any more could not be found in the chain in any case.
        var lines = coverage.Read(server.OrganisationId, server.Id.Value, read).NotAudited.Where(static line => line.Action is not null).ToList();
        var told = lines.Count == 0 ? [] : Told(server, read);
        var news = lines.Where(line => !told.Contains(Number(line.Seq))).OrderBy(static line => line.Seq).Select(line => Notice(server, line)).ToList();
        if (news.Count > 0)
        {
            await store.AppendAsync(server.OrganisationId, news, stop);
        }
    }

    private async Task<IReadOnlyList<Server>> ServersAsync(CancellationToken stop)
    {
        try
        {
            return await directory.ListAllAsync(stop);
        }
        catch (Exception e) when (e.IsDatabaseTrouble())
        {
            log.LogError(e, "The list of servers cannot be read; it is tried again in {Round}", Round);
            return [];
        }
    }

    // The ledger itself remembers it, over a restart too.
    private HashSet<string> Told(Server server, DateTimeOffset read) =>
        queries.Back(server.OrganisationId, new LedgerFilter { Source = server.Id.Value, AnyOf = [Verb], From = read - Coverage.Reach })
            .Select(static line => line.Action?.Details.GetValueOrDefault(Entry)).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private NewRecord Notice(Server server, LedgerLine line) => NewRecord.Salted(
        RecordKind.Notice,
        new ActionBody
        {
            Verb = Verb,
            Server = server.Id.Value,
            Text = $"Its {(line.Type == HostVerbs.Tool ? "teachd" : "journal")} tells of what entry {Number(line.Seq)} has, and its own ledger does not.",
            Details = LedgerVerbs.Details((Entry, Number(line.Seq)), ("what", line.Type), ("source", "chain of the server")),
        },
        server.Id.Value,
        time.GetUtcNow());

    private static string Number(long seq) => seq.ToString(CultureInfo.InvariantCulture);
}
