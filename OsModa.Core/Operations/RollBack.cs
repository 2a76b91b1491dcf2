using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>
/// Takes a server back to one of its generations, or forward again. The intent is written first; the database lets only one operation
/// per server be open, so of many clicks one starts and the others join it. Then the server is told; what comes of it is the
/// <see cref="OperationWatch"/>'s to find out.
/// </summary>
public sealed class RollBack(Database database, Fleet fleet, ShellOf shells, OperationHistory history, OperationWatch watch, TimeProvider time)
{
    /// <summary>For the server to say that it has started, in all.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

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
            if (await FindOpenAsync(context, request, cancellationToken) is { } open)
            {
                return caller.MayAct ? new RollBackResult.Joined(open) : RollBackRules.Check(caller, server, request, state, [])!;
            }

            var marks = await history.MarksAsync(caller, request.Server, cancellationToken);
            if (RollBackRules.Check(caller, server, request, state, marks) is { } refused)
            {
                return refused;
            }

            var intent = Intent(caller, request, state);
            return await TryWriteAsync(context, intent, cancellationToken)
                ? await StartAsync(intent, request)
                : await JoinWinnerAsync(caller, request, cancellationToken);
        }
    }

    /// <summary>The operation of this sheet, or the one that is open on this server.</summary>
    private static Task<Operation?> FindOpenAsync(DashboardContext context, RollBackRequest request, CancellationToken cancellationToken) =>
        context.Operations.AsNoTracking()
            .Where(o => o.ServerId == request.Server && (o.Id == request.Sheet || o.State == OperationState.Intended || o.State == OperationState.Running))
            .OrderByDescending(o => o.Id == request.Sheet)
            .FirstOrDefaultAsync(cancellationToken);

    private static async Task<bool> TryWriteAsync(DashboardContext context, Operation intent, CancellationToken cancellationToken)
    {
        context.Operations.Add(intent);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // Somebody was faster: the index lets one open operation a server in, or the sheet's id is taken.
            context.ChangeTracker.Clear();
            return false;
        }
    }

    private async Task<RollBackResult> JoinWinnerAsync(Caller caller, RollBackRequest request, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await FindOpenAsync(context, request, cancellationToken) is { } winner
                ? new RollBackResult.Joined(winner)
                : new RollBackResult.Refused("", "Another operation on this server has just ended. Look again before you go on.");
        }
    }

    private async Task<RollBackResult> StartAsync(Operation intent, RollBackRequest request)
    {
        watch.Follow(intent);
        using var limit = new CancellationTokenSource(StartLimit, time);
        var order = new SwitchOrder(intent.Id, request.OnlyNextBoot ? SwitchMode.Boot : SwitchMode.Now, request.Target, request.Generation, request.SeenCurrent, SwitchPlan.ByHand);
        var answer = await SwitchStart.RunAsync(shells, request.Server, order, limit.Token);
        var why = answer switch
        {
            StartAnswer.Busy { Operation: not null } => "Another dashboard is switching this server right now.",
            StartAnswer.Busy busy => $"Somebody is switching this server by hand right now ({busy.Who}).",
            StartAnswer.Refused refused => refused.Why,
            _ => null,
        };
        if (why is not null)
        {
            await watch.NotStartedAsync(intent, why);
            return new RollBackResult.Refused("", why);
        }

        await watch.StartedAsync(intent, answer is not StartAnswer.Silent);
        return new RollBackResult.Started(intent);
    }

    private Operation Intent(Caller caller, RollBackRequest request, ServerState state) => new()
    {
        Id = request.Sheet,
        OrganisationId = caller.OrganisationId,
        ServerId = request.Server,
        Kind = OperationKind.RollBack,
        TargetGeneration = request.Generation,
        TargetSystem = request.Target.Text,
        FromGeneration = NumberOf(state, request),
        FromSystem = request.SeenCurrent.Text,
        OnlyNextBoot = request.OnlyNextBoot,
        Reason = request.Reason.Trim(),
        AuthorId = caller.PersonId,
        AuthorName = caller.Name,
        StartedAt = time.GetUtcNow(),
        State = OperationState.Intended,
    };

    // One system may stand under several numbers: the profile's own first, then the newest.
    private static int? NumberOf(ServerState state, RollBackRequest request) =>
        state.Pins is { NextBootNumber: { } number } pins && pins.NextBoot == request.SeenCurrent
            ? number
            : state.Generations.Where(g => g.System == request.SeenCurrent && g.GoneAt is null).Select(g => (int?)g.Number).Max();
}
