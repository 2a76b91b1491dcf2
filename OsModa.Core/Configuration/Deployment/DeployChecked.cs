using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Takes a server to the system that its checks built: on probation, so that it goes back by itself, and a new generation only once it has proved itself.</summary>
public sealed class DeployChecked(Database database, Fleet fleet, OperationHistory history, QuarantineList quarantines, BeginOperation begin, ConfigurationRepositories repositories, TimeProvider time)
{
    /// <param name="caller">On whose behalf, with rights read for this call.</param>
    /// <param name="request">The sheet.</param>
    /// <param name="cancellationToken">Stops before the intent is written; after that it goes on, whatever becomes of the page.</param>
    public async Task<RollBackResult> RunAsync(Caller caller, DeployRequest request, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.CheckRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == request.Check, cancellationToken) is not { } run
                || await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == run.ServerId, cancellationToken) is not { } server)
            {
                return new RollBackResult.NotFound();
            }

            if (await FaultAsync(caller, run) is { } why)
            {
                return new RollBackResult.Refused("", why);
            }

            var target = Target(run, request, StorePath.Parse(run.System!));
            var state = fleet[run.ServerId];
            if (await BeginOperation.FindOpenAsync(context, run.ServerId, request.Sheet, cancellationToken) is { } open && caller.MayAct)
            {
                return new RollBackResult.Joined(open);
            }

            var against = new Against(await history.MarksAsync(caller, run.ServerId, cancellationToken), await quarantines.FindAsync(caller, target.Target, cancellationToken));
            if (RollBackRules.CheckBuilt(caller, server, target, state, against) is { } refused)
            {
                return refused;
            }

            if (state.Pins?.Current == target.Target)
            {
                return new RollBackResult.Refused("", "This is the very system that the server runs: there is nothing to deploy.");
            }

            var plan = request.Plan.ToOrder(request.Mode, await history.IsFloorAsync(caller, run.ServerId, target.Target, request.SeenCurrent, cancellationToken), time.GetUtcNow());
            var order = new SwitchOrder(request.Sheet, request.Mode, target.Target, target.Generation, request.SeenCurrent, plan);
            var from = state.Generations.Where(g => g.System == request.SeenCurrent && g.GoneAt is null).Select(g => (int?)g.Number).Max();
            return await begin.RunAsync(caller, target.Intended(caller, OperationKind.Deploy, from, plan, against.Of(target) is not null, time.GetUtcNow(), run.Commit), order, cancellationToken);
        }
    }

    private async Task<string?> FaultAsync(Caller caller, CheckRun run)
    {
        if (run is not { State: CheckState.Passed, System: { } system } || !StorePath.TryParse(system, out _))
        {
            return run.State == CheckState.Running ? "The checks are not over yet." : "The checks did not pass, so there is nothing to deploy.";
        }

        if (run.IsDraft)
        {
            return "A draft was checked. Save it first: only what the repository has is deployed.";
        }

        var repository = await repositories.OfAsync(caller.OrganisationId);
        return CommitId.TryParse(run.Commit, out var commit) && await repository.HasAsync(commit) ? null
            : "The commit that was checked is not in the history of the configuration: it was not merged yet. Merge it, and check again.";
    }

    // A system that the profile has already keeps its number there; safeswitch.sh takes it up when it commits.
    private RollBackRequest Target(CheckRun run, DeployRequest request, StorePath system) => new()
    {
        Sheet = request.Sheet,
        Server = run.ServerId,
        Generation = fleet[run.ServerId].Generations.Where(g => g.System == system && g.GoneAt is null).Select(g => g.Number).DefaultIfEmpty(0).Max(),
        Target = system,
        SeenCurrent = request.SeenCurrent,
        Reason = request.Reason,
        TypedName = request.TypedName,
        Mode = request.Mode,
        OverrideBad = request.OverrideBad,
        Plan = request.Plan,
        Confirmer = request.Confirmer,
    };
}
