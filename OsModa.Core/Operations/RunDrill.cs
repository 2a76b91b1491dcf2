using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>A wish to see a server go back by itself.</summary>
/// <param name="Sheet">Becomes the operation's id: the same sheet never runs twice.</param>
/// <param name="Server">On which.</param>
/// <param name="SeenCurrent">What ran when the page was drawn.</param>
/// <param name="Reason">As for a rollback.</param>
/// <param name="TypedName">As for a rollback.</param>
public sealed record DrillRequest(Guid Sheet, ServerId Server, StorePath SeenCurrent, string Reason = "", string TypedName = "");

/// <summary>
/// Has a server build a system that differs from the one that runs by a unit which dies at once, and deploys that. It is never confirmed,
/// so even a watch that saw nothing would go back.
/// </summary>
public sealed class RunDrill(Database database, Fleet fleet, ShellOf shells, BeginOperation begin, TimeProvider time)
{
    /// <summary>Copying a system's own files on a slow disk.</summary>
    private static readonly TimeSpan BuildLimit = TimeSpan.FromSeconds(90);

    /// <summary>Asks for a confirmation that never comes.</summary>
    private static readonly SwitchPlan Plan = SwitchPlan.Deployment with { Confirm = TimeSpan.FromSeconds(10) };

    /// <param name="caller">On whose behalf, with rights read for this call.</param>
    /// <param name="request">The sheet.</param>
    /// <param name="cancellationToken">Stops before the intent is written.</param>
    public async Task<RollBackResult> RunAsync(Caller caller, DrillRequest request, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            var server = await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == request.Server, cancellationToken);
            if (server is null)
            {
                return new RollBackResult.NotFound();
            }

            var refused = RollBackRules.CheckDrill(caller, server, request, fleet[request.Server]);
            if (await BeginOperation.FindOpenAsync(context, request.Server, request.Sheet, cancellationToken) is { } open)
            {
                return caller.MayAct ? new RollBackResult.Joined(open) : refused!;
            }

            if (refused is not null)
            {
                return refused;
            }
        }

        var answer = (await ServerWord.AskAsync(shells, request.Server, SwitchScripts.Drill, request.Sheet, anew: false, BuildLimit, time, cancellationToken) ?? "").Split('\t');
        if (answer is not ["built", var path, ..] || !StorePath.TryParse(path, out var target))
        {
            return new RollBackResult.Refused("", answer is ["failed", var why, ..]
                ? $"The server could not build the system of the drill: {JournalLine.Harmless(why)}"
                : $"The server did not build the system of the drill within {BuildLimit.TotalSeconds:0} s.");
        }

        return await begin.RunAsync(caller, Intent(caller, request, target), new SwitchOrder(request.Sheet, SwitchMode.Now, target, 0, request.SeenCurrent, Plan), cancellationToken);
    }

    private Operation Intent(Caller caller, DrillRequest request, StorePath target)
    {
        var state = fleet[request.Server];
        return new Operation
        {
            Id = request.Sheet,
            OrganisationId = caller.OrganisationId,
            ServerId = request.Server,
            Kind = OperationKind.Drill,
            TargetGeneration = 0,
            TargetSystem = target.Text,
            FromGeneration = state.Generations.Where(g => g.System == request.SeenCurrent && g.GoneAt is null).Select(g => (int?)g.Number).Max(),
            FromSystem = request.SeenCurrent.Text,
            Plan = PlanRecord.Write(Plan),
            Reason = request.Reason.Trim(),
            AuthorId = caller.PersonId,
            AuthorName = caller.Name,
            StartedAt = time.GetUtcNow(),
            State = OperationState.Intended,
        };
    }
}
