using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Observation;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>When a generation counts as known-good.</summary>
/// <param name="Hours">How long it has to run without trouble after its switch was verified; 1 to 720.</param>
public sealed record KnownGoodSettings(int Hours = 24)
{
    public TimeSpan After => TimeSpan.FromHours(Math.Clamp(Hours, 1, 720));
}

/// <summary>
/// Looks now and then at what every server runs. A target that was verified and then ran some hours with no unit in trouble becomes
/// known-good: it is what a rollback offers first. Trouble begins the hours anew; that units were in trouble before does not count.
/// </summary>
public sealed class KnownGood(Database database, Fleet fleet, OperationRows rows, KnownGoodSettings settings, TimeProvider time, ILogger<KnownGood> log)
{
    /// <summary>A crash loop is seen as one for at least a minute, so none slips through.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    /// <summary>How often trouble that goes on is written down again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    /// <summary>Looks until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await LookAsync(stop);
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                log.LogError(failed, "What is known-good could not be written down; it is tried again");
            }
        }
    }

    /// <summary>One look at all servers that run what an operation of ours brought and that is not known-good yet.</summary>
    internal async Task LookAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var context = database.OpenForAll();
        await using (context)
        {
            var candidates = await context.Operations
                .Where(o => o.State == OperationState.Verified && !o.OnlyNextBoot && o.KnownGoodAt == null && o.FinishedAt != null && (o.Kind == OperationKind.Deploy || o.Kind == OperationKind.RollBack))
                .Where(o => !context.Operations.Any(later => later.ServerId == o.ServerId && later.StartedAt > o.StartedAt && later.Kind != OperationKind.Drill && later.State != OperationState.Failed))
                .ToListAsync(stop);
            var changed = candidates.Where(o => Look(o, fleet[o.ServerId], now)).ToList();
            if (changed.Count > 0)
            {
                await context.SaveChangesAsync(stop);
                changed.ForEach(o => rows.Tell(o.ServerId));
            }
        }
    }

    private bool Look(Operation operation, ServerState state, DateTimeOffset now)
    {
        if (state.Reach != Reach.Live || state.Pins?.Current?.Text != operation.TargetSystem)
        {
            return false;
        }

        if (Aftermath.Troubled(state).Except(WatchRecord.Read(operation.Watched).Baseline).Any())
        {
            var again = operation.TroubledAt is not { } last || now - last >= Again;
            operation.TroubledAt = again ? now : operation.TroubledAt;
            return again;
        }

        var since = operation.TroubledAt ?? operation.FinishedAt!.Value;
        if (now - since < settings.After)
        {
            return false;
        }

        operation.KnownGoodAt = now;
        return true;
    }
}
