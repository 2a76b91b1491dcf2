using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>Takes a server to one of its generations: back, or forward, at once or on probation, as the request's plan says.</summary>
public sealed class RollBack(Database database, Fleet fleet, OperationHistory history, QuarantineList quarantines, BeginOperation begin, TimeProvider time)
{
    /// <param name="caller">On whose behalf, with rights read for this call.</param>
    /// <param name="request">The sheet.</param>
    /// <param name="cancellationToken">Stops before the intent is written; after that it goes on, whatever becomes of the page.</param>
    public async Task<RollBackResult> RunAsync(Caller caller, RollBackRequest request, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            var server = await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == request.Server, cancellationToken);
            if (server is null)
            {
                return new RollBackResult.NotFound();
            }

            var state = fleet[request.Server];
            if (await BeginOperation.FindOpenAsync(context, request.Server, request.Sheet, cancellationToken) is { } open)
            {
                return caller.MayAct ? new RollBackResult.Joined(open) : RollBackRules.Check(caller, server, request, state, Against.Nothing)!;
            }

            var against = new Against(await history.MarksAsync(caller, request.Server, cancellationToken), await quarantines.FindAsync(caller, request.Target, cancellationToken));
            if (RollBackRules.Check(caller, server, request, state, against) is { } refused)
            {
                return refused;
            }

            var plan = request.Plan.ToOrder(request.Mode, await history.IsFloorAsync(caller, request.Server, request.Target, request.SeenCurrent, cancellationToken), time.GetUtcNow());
            var order = new SwitchOrder(request.Sheet, request.Mode, request.Target, request.Generation, request.SeenCurrent, plan);
            return await begin.RunAsync(caller, request.Intended(caller, KindOf(request, plan), NumberOf(state, request), plan, against.Of(request) is not null, time.GetUtcNow()), order, cancellationToken);
        }
    }

    private static OperationKind KindOf(RollBackRequest request, SwitchPlan plan) =>
        request.Mode == SwitchMode.Restart || (plan.Probation > TimeSpan.Zero && request.Mode == SwitchMode.Now) ? OperationKind.Deploy : OperationKind.RollBack;

    // One system may stand under several numbers: the profile's own first, then the newest.
    private static int? NumberOf(ServerState state, RollBackRequest request) =>
        state.Pins is { NextBootNumber: { } number } pins && pins.NextBoot == request.SeenCurrent
            ? number
            : state.Generations.Where(g => g.System == request.SeenCurrent && g.GoneAt is null).Select(g => (int?)g.Number).Max();
}
