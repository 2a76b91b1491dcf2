using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Live;

/// <summary>Who looks at the page. Rights are read from the database each time, never from the cookie.</summary>
public sealed class Viewer(AuthenticationStateProvider authentication, Database database)
{
    /// <summary>Null for somebody who is not signed in or belongs to no organisation.</summary>
    public async Task<Caller?> GetAsync(CancellationToken cancellationToken = default)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        return Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var person)
            ? await FindAsync(person, cancellationToken)
            : null;
    }

    private async Task<Caller?> FindAsync(Guid person, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var found = await (from membership in context.Memberships
                               join somebody in context.Users on membership.PersonId equals somebody.Id
                               where membership.PersonId == person
                               orderby membership.OrganisationId
                               select new { somebody.Name, membership.OrganisationId, membership.Role }).FirstOrDefaultAsync(cancellationToken);
            return found is null ? null : new Caller(person, found.Name, found.OrganisationId, found.Role);
        }
    }
}
