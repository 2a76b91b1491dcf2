using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>
/// Writes down switches that did not go through this dashboard, so that the history of a server has no gaps: by hand, by another
/// dashboard, or by a restart that brought up another system than the one that ran.
/// </summary>
public sealed class OutsideSwitches(Database database, Fleet fleet, OperationRows rows, StandingWatches standing, LedgerWriter ledger, TimeProvider time, ILogger<OutsideSwitches> log)
{
    // A look may wait for the server's answer; servers that hang must not keep all others waiting.
    private const int LooksAtOnce = 8;

    private readonly ConcurrentDictionary<ServerId, (StorePath System, Guid BootId)> _known = new();

    // True: it changed again while it was looked at.
    private readonly ConcurrentDictionary<ServerId, bool> _waiting = new();

    private readonly Channel<ServerId> _suspects = Channel.CreateUnbounded<ServerId>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>What a server was last known to run; null before the first look.</summary>
    internal StorePath? Known(ServerId server) => _known.TryGetValue(server, out var known) ? known.System : null;

    /// <summary>Watches until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var states = fleet.Subscribe(Suspect, out var now);
        using var ends = rows.Subscribe(Suspect);
        foreach (var state in now)
        {
            Suspect(state.Server);          // heard before this began: no change may come for a long time
        }

        await Parallel.ForEachAsync(_suspects.Reader.ReadAllAsync(stop), new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = stop }, async (server, _) =>
        {
            _waiting[server] = false;
            await TryToLookAsync(server, stop);
            if (!_waiting.TryRemove(KeyValuePair.Create(server, false)))
            {
                _suspects.Writer.TryWrite(server);
            }
        });
    }

    // Runs for every change of every server: only a system that is not the known one is worth a look.
    private void Suspect(ServerId server)
    {
        if (fleet[server] is { Reach: Reach.Live, Pins.Current: { } current } state
            && (!_known.TryGetValue(server, out var known) || known.System != current || standing.IsNews(state))
            && !_waiting.AddOrUpdate(server, false, static (_, _) => true))
        {
            _suspects.Writer.TryWrite(server);
        }
    }

    private async Task TryToLookAsync(ServerId server, CancellationToken stop)
    {
        try
        {
            await LookAsync(server, stop);
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            log.LogError(failed, "A switch on {Server} could not be written down; it is tried again with its next change", server);
        }
    }

    private async Task LookAsync(ServerId id, CancellationToken stop)
    {
        var state = fleet[id];
        if (state is not { Reach: Reach.Live, Pins.Current: { } current, Host: { } host })
        {
            return;
        }

        var context = database.OpenForAll();
        await using (context)
        {
            await standing.TakeUpAsync(context, state, stop);
            var newest = await context.Operations.AsNoTracking().Where(o => o.ServerId == id).OrderByDescending(o => o.StartedAt).FirstOrDefaultAsync(stop);
            if (newest is { Ended: false })
            {
                return;                     // its own effect may be under way; its end wakes us
            }

            if (newest is { Ended: true } && !Explains(newest, current) && await standing.TakeUpLateAsync(context, newest, current, stop))
            {
                return;
            }

            var before = _known.TryGetValue(id, out var known) ? known : LastKnown(newest, host);
            if (before is { } last && last.System != current && !Explains(newest, current)
                && await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, stop) is { } server)
            {
                var seen = Seen(server, state, current, last.System, restarted: last.BootId != host.BootId);
                context.Operations.Add(seen);
                await context.SaveChangesAsync(stop);
                await ledger.NoticeAsync(OperationTold.Intent(seen).Who, OperationTold.Verb(seen), seen.Outcome, id, OperationTold.Details(seen).Add("source", "observation of the server"));
                rows.Tell(id);
            }

            _known[id] = (current, host.BootId);
        }
    }

    private static bool Explains(Operation? newest, StorePath current) => newest switch
    {
        null or { OnlyNextBoot: true } or { Kind: OperationKind.Elsewhere } or { Verdict: SwitchVerdict.Refused or SwitchVerdict.Failed or SwitchVerdict.NeedsReboot } => false,
        { State: OperationState.RolledBack, Kind: not OperationKind.StandingWatch } => newest.FromSystem == current.Text,
        _ => newest.TargetSystem == current.Text,
    };

    // After a start of the dashboard: what the newest row says that the server ran. Whether it was restarted since is not known.
    private static (StorePath System, Guid BootId)? LastKnown(Operation? newest, HostFacts host) =>
        newest is { State: OperationState.Verified or OperationState.RolledBack, OnlyNextBoot: false }
        && StorePath.TryParse(newest is { State: OperationState.RolledBack, Kind: not OperationKind.StandingWatch } ? newest.FromSystem : newest.TargetSystem, out var system)
            ? (system, host.BootId)
            : null;

    private Operation Seen(Server server, ServerState state, StorePath current, StorePath before, bool restarted)
    {
        var now = time.GetUtcNow();
        var (author, outcome) = (restarted, state.Switch?.Operation) switch
        {
            (true, _) => ("a restart", "It came up on another system than it ran before the restart."),
            (_, { } operation) => ("another dashboard", $"Switched by another dashboard, as its operation {operation:D}."),
            _ => ("somebody on the server", "Switched on the server itself, not through this dashboard."),
        };
        return new Operation
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = server.OrganisationId,
            ServerId = server.Id,
            Kind = OperationKind.Elsewhere,
            TargetGeneration = NumberOf(state, current) ?? 0,
            TargetSystem = current.Text,
            FromGeneration = NumberOf(state, before),
            FromSystem = before.Text,
            Reason = "",
            AuthorId = Guid.Empty,
            AuthorName = author,
            StartedAt = now,
            FinishedAt = now,
            State = OperationState.Verified,
            Outcome = outcome,
        };
    }

    private static int? NumberOf(ServerState state, StorePath system) => state.Generations.Where(g => g.System == system).Select(g => (int?)g.Number).Max();
}
