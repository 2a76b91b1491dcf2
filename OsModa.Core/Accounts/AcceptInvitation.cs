using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>An invited person joins: with a new account, or with the one they have.</summary>
public sealed class AcceptInvitation(Database database, AddPerson addPerson, Callers callers, TimeProvider time)
{
    public const string Refused = "This invitation has been used, has expired, or was withdrawn. Ask for a new one.";

    /// <summary>What the code is good for now; null: nothing.</summary>
    public async Task<OpenInvitation?> ReadAsync(string? code, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            if (await FindAsync(context, code, cancellationToken) is not { } invitation)
            {
                return null;
            }

            var organisation = await context.Organisations.Where(o => o.Id == invitation.OrganisationId).Select(o => o.Name).SingleAsync(cancellationToken);
            return new OpenInvitation(organisation, invitation.InvitedBy, invitation.Email, invitation.Role, await HasAccountAsync(context, invitation, cancellationToken));
        }
    }

    /// <summary>With a new account. The e-mail of the form is not read: it is the invitation's.</summary>
    public async Task<Result<Person>> RunAsync(string? code, NewPerson form, CancellationToken cancellationToken)
    {
        if (await OrganisationOfAsync(code, cancellationToken) is not { } organisation)
        {
            return FieldErrors.Of("", Refused);
        }

        var context = database.OpenFor(organisation);
        await using (context)
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (await FindAsync(context, code, cancellationToken) is not { } invitation || !await UseAsync(context, invitation, cancellationToken))
            {
                return FieldErrors.Of("", Refused);
            }

            var person = await addPerson.PrepareAsync(context, organisation, form with { Email = invitation.Email }, invitation.Role, cancellationToken);
            if (person.Done)
            {
                await context.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            return person;
        }
    }

    /// <summary>With the account of somebody who has signed in; it has to be of the invited address.</summary>
    public async Task<Result<Membership>> JoinAsync(string? code, Guid personId, CancellationToken cancellationToken)
    {
        if (await OrganisationOfAsync(code, cancellationToken) is not { } organisation)
        {
            return FieldErrors.Of("", Refused);
        }

        var context = database.OpenFor(organisation);
        await using (context)
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (await FindAsync(context, code, cancellationToken) is not { } invitation)
            {
                return FieldErrors.Of("", Refused);
            }

            var invited = invitation.Email.ToUpperInvariant();
            if (!await context.Users.AnyAsync(p => p.Id == personId && p.NormalizedUserName == invited, cancellationToken))
            {
                return FieldErrors.Of("", $"The invitation is for {invitation.Email}. Sign in with that account.");
            }

            if (!await UseAsync(context, invitation, cancellationToken) || await context.Memberships.AnyAsync(m => m.PersonId == personId, cancellationToken))
            {
                return FieldErrors.Of("", Refused);
            }

            var membership = new Membership { PersonId = personId, OrganisationId = organisation, Role = invitation.Role };
            context.Memberships.Add(membership);
            await context.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            callers.Forget(personId);
            return membership;
        }
    }

    private async Task<Guid?> OrganisationOfAsync(string? code, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return (await FindAsync(context, code, cancellationToken))?.OrganisationId;
        }
    }

    private async Task<Invitation?> FindAsync(DashboardContext context, string? code, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return OneUseCode.HashOf(code) is { } hash
            ? await context.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.Hash == hash && i.UsedAt == null && i.ExpiresAt > now, cancellationToken)
            : null;
    }

    private async Task<bool> UseAsync(DashboardContext context, Invitation invitation, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = time.GetUtcNow();
        return await context.Invitations.Where(i => i.Id == invitation.Id && i.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedAt, now), cancellationToken) == 1;
    }

    private static Task<bool> HasAccountAsync(DashboardContext context, Invitation invitation, CancellationToken cancellationToken)
    {
        var normalised = invitation.Email.ToUpperInvariant();
        return context.Users.AnyAsync(p => p.NormalizedUserName == normalised, cancellationToken);
    }
}
