using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using OsModa.Dashboard.Live;
using Xunit;

namespace OsModa.Tests.Live;

public sealed class PageLimitTests
{
    private readonly OpenPages _pages = new();
    private readonly Guid _ada = Guid.NewGuid();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_has_so_many_pages_and_no_more_until_one_is_closed()
    {
        var first = await OpenedAsync(_ada);
        for (var i = 1; i < OpenPages.Most; i++)
        {
            await OpenedAsync(_ada);
        }

        var refused = Limit(_ada);
        await Assert.ThrowsAsync<InvalidOperationException>(() => refused.OnCircuitOpenedAsync(null!, Stop));
        await refused.OnCircuitClosedAsync(null!, Stop);
        Assert.True(_pages.IsFull(_ada));

        await first.OnCircuitClosedAsync(null!, Stop);
        await first.OnCircuitClosedAsync(null!, Stop);
        await OpenedAsync(_ada);
        Assert.True(_pages.IsFull(_ada));
    }

    [Fact]
    public async Task Anothers_pages_do_not_count()
    {
        for (var i = 0; i < OpenPages.Most; i++)
        {
            await OpenedAsync(_ada);
        }

        var other = Guid.NewGuid();
        await OpenedAsync(other);
        Assert.Equal((true, false), (_pages.IsFull(_ada), _pages.IsFull(other)));
    }

    private async Task<PageLimit> OpenedAsync(Guid person)
    {
        var limit = Limit(person);
        await limit.OnCircuitOpenedAsync(null!, Stop);
        return limit;
    }

    private PageLimit Limit(Guid person) => new(_pages, new SignedIn(person));

    private sealed class SignedIn(Guid person) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, person.ToString())], "test"))));
    }
}
