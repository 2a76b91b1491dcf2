using Microsoft.EntityFrameworkCore;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>Makes a link with which one address can join the caller's organisation, once, within three days.</summary>
public sealed class InvitePerson(Database database, LedgerWriter ledger, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <param name="caller">Must manage the organisation.</param>
    /// <param name="email">Whom; errors are named <c>email</c>.</param>
    /// <param name="role">What they will be.</param>
    /// <param name="cancellationToken">Gives up; then nobody was invited.</param>
    public async Task<Result<IssuedInvitation>> RunAsync(Caller caller, string? email, Role role, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return FieldErrors.Of("", "Only owners of the organisation may invite people.");
        }

        if (!EmailAddress.TryParse(email, out var address, out var error) || !Enum.IsDefined(role))
        {
            return FieldErrors.Of(nameof(email), error ?? "There is no such role.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Memberships.Join(context.Users, m => m.PersonId, p => p.Id, (_, p) => p.NormalizedUserName).AnyAsync(n => n == address.Normalised, cancellationToken))
            {
                return FieldErrors.Of(nameof(email), "This person belongs to the organisation already.");
            }

            var code = OneUseCode.New();
            var now = time.GetUtcNow();
            var invitation = new Invitation
            {
                Id = Guid.CreateVersion7(now),
                OrganisationId = caller.OrganisationId,
                Email = address.Text,
                Role = role,
                Hash = code.Hash,
                InvitedBy = caller.Name,
                InvitedById = caller.PersonId,
                ExpiresAt = now + Lifetime,
            };
            return await ledger.DoAsync<IssuedInvitation>(
                caller,
                "member.invite",
                async () =>
                {
                    // The newest link is the one that counts: an older one may have gone astray, which is why there is a new one.
                    await context.Invitations.Where(i => i.Email == address.Text && i.UsedAt == null).ExecuteDeleteAsync(cancellationToken);
                    context.Invitations.Add(invitation);
                    await context.SaveChangesAsync(cancellationToken);
                    return new IssuedInvitation(invitation, code);
                },
                details: LedgerVerbs.Details(("email", address.Text), ("role", role.ToString().ToLowerInvariant())),
                cancellationToken: cancellationToken);
        }
    }
}
