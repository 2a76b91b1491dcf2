using System.Data;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>Gives a person another role in the caller's organisation, or takes them out of it; either ends the invitations that they made, unless they stay an owner. An organisation keeps an owner.</summary>
public sealed class ChangeMembership(Database database, Callers callers, LedgerWriter ledger)
{
    public const string LastOwner = "The organisation needs an owner. Make somebody else one first.";
    private const string Gone = "This person does not belong to the organisation.";

    /// <param name="caller">Must manage the organisation.</param>
    /// <param name="personId">Whose.</param>
    /// <param name="role">Null: takes them out. Their account stays, for other organisations and for coming back.</param>
    /// <param name="cancellationToken">Gives up; then nothing was changed.</param>
    public async Task<Result<Membership>> RunAsync(Caller caller, Guid personId, Role? role, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return FieldErrors.Of("", "Only owners of the organisation may change who belongs to it.");
        }

        if (role is { } asked && !Enum.IsDefined(asked))
        {
            return FieldErrors.Of("", "There is no such role.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            // Serializable, so that two owners who demote each other at once do not leave none.
            await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
            var members = await context.Memberships.ToListAsync(cancellationToken);
            var membership = members.Find(m => m.PersonId == personId);
            if (membership is null)
            {
                return FieldErrors.Of("", Gone);
            }

            if (role != Role.Owner && membership.Role == Role.Owner && members.Count(m => m.Role == Role.Owner) == 1)
            {
                return FieldErrors.Of("", LastOwner);
            }

            if (role is { } next)
            {
                membership.Role = next;
            }
            else
            {
                context.Memberships.Remove(membership);
            }

            var name = (await context.Users.FindAsync([personId], cancellationToken))?.Name;
            return await ledger.DoAsync<Membership>(
                caller,
                role is null ? "member.remove" : "member.change-role",
                async () =>
                {
                    try
                    {
                        // Or an owner who is put out comes back by a link that they made before.
                        if (role != Role.Owner)
                        {
                            await context.Invitations.Where(i => i.InvitedById == personId && i.UsedAt == null).ExecuteDeleteAsync(cancellationToken);
                        }

                        await context.SaveChangesAsync(cancellationToken);
                        await transaction.CommitAsync(cancellationToken);
                    }
                    catch (Exception busy) when (busy.IsConflict())
                    {
                        return FieldErrors.Of("", "Somebody else changed the people of the organisation at the same moment. Look again, then try again.");
                    }

                    callers.Forget(personId);
                    return membership;
                },
                details: LedgerVerbs.Details(("person", personId.ToString()), ("name", name), ("role", role?.ToString().ToLowerInvariant())),
                cancellationToken: cancellationToken);
        }
    }

    /// <summary>Takes an unanswered invitation back.</summary>
    public async Task<bool> WithdrawAsync(Caller caller, Guid invitationId, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return false;
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.Id == invitationId && i.UsedAt == null, cancellationToken) is not { } invitation)
            {
                return false;
            }

            var withdrawn = await ledger.DoAsync<Invitation>(
                caller,
                "member.withdraw-invitation",
                async () => await context.Invitations.Where(i => i.Id == invitationId && i.UsedAt == null).ExecuteDeleteAsync(cancellationToken) == 1
                    ? invitation
                    : FieldErrors.Of("", "It was used meanwhile."),
                details: LedgerVerbs.Details(("email", invitation.Email)),
                cancellationToken: cancellationToken);
            return withdrawn.Done;
        }
    }
}
