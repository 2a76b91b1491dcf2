using OsModa.Core.Accounts;
using OsModa.Core.Storage;
using OsModa.Dashboard.Identity;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Identity;

public sealed class OpenOrganisationTests : IAsyncLifetime
{
    private TemporaryDatabase _temporary = null!;

    public async ValueTask InitializeAsync() => _temporary = await TemporaryDatabase.OpenAsync();

    public ValueTask DisposeAsync() => _temporary.DisposeAsync();

    [Fact]
    public async Task Whoever_is_put_out_of_it_has_no_part_in_its_open_pages_although_they_belong_to_another_one()
    {
        var stop = TestContext.Current.CancellationToken;
        var (first, other) = (await _temporary.CallerAsync(Role.Operator), await _temporary.CallerAsync());
        string stamp;
        await using (var context = _temporary.Database.OpenForAll())
        {
            context.Memberships.Add(new Membership { PersonId = first.PersonId, OrganisationId = other.OrganisationId, Role = Role.Owner });
            stamp = context.Users.Single(person => person.Id == first.PersonId).SecurityStamp!;
            await context.SaveChangesAsync(stop);
        }

        var (callers, claim, open) = (new Callers(_temporary.Database, TimeProvider.System), new SessionClaim(first.PersonId, first.OrganisationId, stamp), new OpenOrganisation());
        Assert.Equal(first.OrganisationId, open.Keep(await callers.ReadAsync(claim, stop))!.OrganisationId);
        await using (var context = _temporary.Database.OpenForAll())
        {
            context.Memberships.Remove(context.Memberships.Single(m => m.PersonId == first.PersonId && m.OrganisationId == first.OrganisationId));
            await context.SaveChangesAsync(stop);
        }

        callers.Forget(first.PersonId);
        Assert.Null(open.Keep(await callers.ReadAsync(claim, stop)));
        Assert.Equal(other.OrganisationId, new OpenOrganisation().Keep(await callers.ReadAsync(claim, stop))!.OrganisationId);
    }
}
