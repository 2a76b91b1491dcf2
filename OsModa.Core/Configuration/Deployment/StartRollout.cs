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
            errors.Add(nameof(RolloutForm.Commit), await (await repositories.OfAsync(caller.OrganisationId)).HasAsync(form.Commit) ? null : "This commit is not in the history of the configuration.");
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

/// <summary>A person has seen whose system changes: those are switched, one after the other, until one of them goes back.</summary>
public sealed class ApplyRollout(Database database, RolloutRows rows, RolloutWatch watch, LedgerWriter ledger)
{
    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="rollout">Which one.</param>
    /// <param name="typedNames">Names of servers as the person typed them, where servers ask for that.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    /// <returns>Why nothing came of it, in one sentence; null when it is under way.</returns>
    public async Task<string?> RunAsync(Caller caller, Guid rollout, IReadOnlyDictionary<ServerId, string> typedNames, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return "You may look at these servers, not change them. Somebody with the role operator can.";
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Rollouts.SingleOrDefaultAsync(r => r.Id == rollout, cancellationToken) is not { } row)
            {
                return "Your organisation has no such rollout.";
            }

            if (row.State != RolloutState.Ready)
            {
                return row.State == RolloutState.Checking ? "It is not known yet whose system changes." : "It is under way or over already.";
            }

            var changing = await context.RolloutServers.Where(s => s.RolloutId == rollout && s.State == RolloutServerState.Changes).ToListAsync(cancellationToken);
            var ids = changing.Select(s => s.ServerId).ToList();
            foreach (var server in (await context.Servers.AsNoTracking().Where(s => ids.Contains(s.Id)).ToListAsync(cancellationToken)).Where(RollBackRules.NeedsTypedName))
            {
                if (typedNames.GetValueOrDefault(server.Id)?.Trim() != server.Name)
                {
                    return $"Type {server.Name} to confirm.";
                }

                if (row.Reason.Length == 0)
                {
                    return $"A rollout to {server.Name} needs a reason: begin it anew and say why.";
                }

                changing.Single(s => s.ServerId == server.Id).TypedName = server.Name;
            }

            row.State = RolloutState.Deploying;
            return await ledger.DoAsync(
                caller,
                "configuration.apply-rollout",
                async () =>
                {
                    await context.SaveChangesAsync(CancellationToken.None);
                    rows.Tell();
                    watch.Follow(rollout);
                    return null;
                },
                null,
                LedgerVerbs.Details(("rollout", rollout.ToString()), ("commit", row.Commit), ("servers", $"{ids.Count}")),
                cancellationToken);
        }
    }
}
