using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Storage;

namespace OsModa.Demo.Life;

/// <summary>A person of the simulated organisation who rolls servers back, with the very verb that the page has.</summary>
public sealed class DemoColleague(DemoFleet fleet, Fleet states, RollBack rollBack, Database database, ILogger<DemoColleague> log)
{
    /// <summary>Does what is to be done until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await foreach (var wish in fleet.Wishes.ReadAllAsync(stop))
        {
            if (await CallerAsync(stop) is { } caller && Request(wish) is { } request)
            {
                var result = await rollBack.RunAsync(caller, request, stop);
                if (result is RollBackResult.Refused refused)
                {
                    log.LogInformation("The demo's own person could not roll back: {Why}", refused.Why);
                }
            }
        }
    }

    private RollBackRequest? Request(Wish wish)
    {
        var state = states[wish.Server];
        var target = state.Generations.FirstOrDefault(g => g.Number == wish.Generation && g.GoneAt is null);
        return target is null || state.Pins?.Current is not { } current ? null : new RollBackRequest
        {
            Sheet = Guid.CreateVersion7(),
            Server = wish.Server,
            Generation = wish.Generation,
            Target = target.System,
            SeenCurrent = current,
            Reason = wish.Reason,
            Plan = wish.OnProbation ? SwitchPlan.Deployment : SwitchPlan.ByHand,
            TypedName = fleet.Outline.First(o => o.Id == wish.Server).Name,
        };
    }

    private async Task<Caller?> CallerAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var name = DemoSeed.Colleague.Name;
            return await context.Users.Where(p => p.Name == name)
                .Join(context.Memberships, p => p.Id, m => m.PersonId, (p, m) => new Caller(p.Id, p.Name, m.OrganisationId, m.Role))
                .FirstOrDefaultAsync(cancellationToken);
        }
    }
}
