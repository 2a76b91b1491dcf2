using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

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
                    if (!await context.Rollouts.AnyAsync(r => r.Id == rollout && r.State == RolloutState.Ready, CancellationToken.None))
                    {
                        return "It is under way or over already.";
                    }

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
