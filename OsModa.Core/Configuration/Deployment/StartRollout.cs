using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Has one commit built for several servers, to learn whose system changes; nothing is switched before a person has seen that.</summary>
public sealed class StartRollout(Database database, ConfigurationRepositories repositories, RolloutWatch watch, LedgerWriter ledger, TimeProvider time)
{
    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="form">Errors are named by its properties; the empty name is about the whole.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    public async Task<Result<Rollout>> RunAsync(Caller caller, RolloutForm form, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at these servers, not change them. Somebody with the role operator can.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Rollouts.AsNoTracking().SingleOrDefaultAsync(r => r.Id == form.Id, cancellationToken) is { } before)
            {
                return before;
            }

            var ids = form.Servers.Distinct().ToList();
            var errors = new FieldErrors();
            errors.Add(nameof(RolloutForm.Reason), RollBackRules.ReasonTrouble(form.Reason, null));
            errors.Add(nameof(RolloutForm.Servers), ids.Count is 0 or > Rollout.MostServers ? $"Choose 1 to {Rollout.MostServers} servers."
                : await context.Servers.CountAsync(s => ids.Contains(s.Id), cancellationToken) != ids.Count ? "Your organisation has no such server." : null);
            try
            {
                errors.Add(nameof(RolloutForm.Commit), await (await repositories.OfAsync(caller.OrganisationId)).HasAsync(form.Commit) ? null : "This commit is not in the history of the configuration.");
            }
            catch (RepositoryException broken)
            {
                return FieldErrors.Of("", broken.Message);
            }

            return errors.None ? await BeginAsync(caller, context, form, ids, cancellationToken) : errors;
        }
    }

    private async Task<Result<Rollout>> BeginAsync(Caller caller, DashboardContext context, RolloutForm form, List<ServerId> ids, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rollout = new Rollout { Id = form.Id, OrganisationId = caller.OrganisationId, Commit = form.Commit.Text, Reason = form.Reason.Trim(), AuthorId = caller.PersonId, AuthorName = caller.Name, StartedAt = now };
        context.Rollouts.Add(rollout);
        context.RolloutServers.AddRange(ids.Select((id, position) => new RolloutServer
        {
            RolloutId = form.Id, ServerId = id, OrganisationId = caller.OrganisationId, Position = position, CheckId = Guid.CreateVersion7(now), OperationId = Guid.CreateVersion7(now),
        }));
        try
        {
            await ledger.IntendAsync(LedgerActor.Of(caller), RolloutRows.Verb, null, rollout.Reason, LedgerVerbs.Details(("commit", rollout.Commit), ("servers", $"{ids.Count}")), rollout.Id, cancellationToken);
            await context.SaveChangesAsync(CancellationToken.None);
        }
        catch (LedgerDamagedException e)
        {
            return FieldErrors.Of("", LedgerVerbs.NotDone(e));
        }
        catch (DbUpdateException taken) when (taken.IsDuplicate())
        {
            context.ChangeTracker.Clear();
            return await context.Rollouts.AsNoTracking().SingleAsync(r => r.Id == form.Id, CancellationToken.None);
        }

        watch.Follow(rollout.Id);
        return rollout;
    }
}
