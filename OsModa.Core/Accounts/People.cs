using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>One person as their organisation sees them.</summary>
public sealed record Member(Guid PersonId, string Name, string Email, Role Role);

/// <summary>An invitation that has not been answered; its code is not to be had again.</summary>
public sealed record PendingInvitation(Guid Id, string Email, Role Role, string InvitedBy, DateTimeOffset ExpiresAt);

/// <summary>Who belongs to an organisation, and who is asked to.</summary>
public sealed class People(Database database, TimeProvider time)
{
    public async Task<IReadOnlyList<Member>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Memberships
                .Join(context.Users, m => m.PersonId, p => p.Id, (m, p) => new { p.Id, p.Name, p.Email, m.Role })
                .OrderBy(m => m.Name).ThenBy(m => m.Id)
                .Select(m => new Member(m.Id, m.Name, m.Email ?? "", m.Role)).ToListAsync(cancellationToken);
        }
    }

    /// <summary>Empty for callers who may not manage the organisation.</summary>
    public async Task<IReadOnlyList<PendingInvitation>> PendingAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (!caller.MayManage)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Invitations.Where(i => i.UsedAt == null && i.ExpiresAt > now).OrderBy(i => i.Email)
                .Select(i => new PendingInvitation(i.Id, i.Email, i.Role, i.InvitedBy, i.ExpiresAt)).ToListAsync(cancellationToken);
        }
    }
}
