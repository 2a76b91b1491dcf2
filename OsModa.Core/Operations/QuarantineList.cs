using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Nix;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>The systems that no server of an organisation is switched to, and the lifting of that.</summary>
public sealed class QuarantineList(Database database, LedgerWriter ledger, TimeProvider time)
{
    private const int Most = 200;

    /// <summary>Those that stand first, then those that were lifted; newest first.</summary>
    public async Task<IReadOnlyList<Quarantine>> AllAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Quarantines.AsNoTracking().OrderBy(q => q.LiftedAt != null).ThenByDescending(q => q.At).Take(Most).ToListAsync(cancellationToken);
        }
    }

    /// <summary>What stands against a system; null when nothing does.</summary>
    public async Task<Quarantine?> FindAsync(Caller caller, StorePath system, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Quarantines.AsNoTracking().SingleOrDefaultAsync(q => q.System == system.Text && q.LiftedAt == null, cancellationToken);
        }
    }

    /// <summary>Lets a system in again, with a reason; a system that was let in meanwhile stays so. Errors are named <c>Reason</c>, or nothing.</summary>
    public async Task<Result<Quarantine>> LiftAsync(Caller caller, Guid quarantine, string? reason, CancellationToken cancellationToken = default)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at this list, not change it. Somebody with the role operator can.");
        }

        if (RollBackRules.ReasonTrouble(reason, "Say why it may be activated again.") is { } trouble)
        {
            return FieldErrors.Of("Reason", trouble);
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            var row = await context.Quarantines.SingleOrDefaultAsync(q => q.Id == quarantine, cancellationToken);
            if (row is null)
            {
                return FieldErrors.Of("", "Your organisation has no such quarantine.");
            }

            if (row.LiftedAt is not null)
            {
                return row;
            }

            return await ledger.DoAsync<Quarantine>(
                caller,
                "quarantine.lift",
                async () =>
                {
                    (row.LiftedAt, row.LiftedBy, row.LiftReason) = (time.GetUtcNow(), caller.Name, reason!.Trim());
                    await context.SaveChangesAsync(cancellationToken);
                    return row;
                },
                row.ServerId,
                reason!.Trim(),
                LedgerVerbs.Details(("system", row.System), ("generation", $"{row.Generation}")),
                cancellationToken);
        }
    }
}
