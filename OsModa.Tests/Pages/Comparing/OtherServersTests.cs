using System.Net;
using OsModa.Core.Accounts;
using OsModa.Tests.Identity;
using Xunit;

namespace OsModa.Tests.Pages.Comparing;

public sealed class OtherServersTests(ProductInProcess product) : IClassFixture<ProductInProcess>
{
    [Theory]
    [InlineData("/servers/{0}/compare/with/{1}")]
    [InlineData("/api/v1/servers/{0}/compare/with/{1}")]
    public async Task Another_organisations_server_is_not_found_on_either_side(string address)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var organisation = await product.OrganisationAsync($"Ours {email}");
        await product.PersonAsync(organisation, Role.Owner, email);
        var (ours, second) = (await product.ServerAsync(organisation, "ours"), await product.ServerAsync(organisation, "second"));
        var theirs = await product.ServerAsync(await product.OrganisationAsync($"Theirs {email}"), "theirs");
        using var browser = await product.SignedInAsync(email);

        foreach (var (left, right) in new[] { (ours, theirs), (theirs, ours) })
        {
            using var answer = await browser.GetAsync(string.Format(address, left.Id, right.Id), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("theirs", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        using var own = await browser.GetAsync(string.Format(address, ours.Id, second.Id), TestContext.Current.CancellationToken);
        Assert.NotEqual(HttpStatusCode.NotFound, own.StatusCode);
    }
}
