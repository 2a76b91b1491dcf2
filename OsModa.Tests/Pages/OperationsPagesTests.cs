using Bunit;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using Xunit;
using OfAll = OsModa.Dashboard.Pages.History.OperationsPage;
using OfOne = OsModa.Dashboard.Pages.OneServer.OperationsPage;

namespace OsModa.Tests.Pages;

public sealed class OperationsPagesTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public async Task Older_ones_are_offered_only_where_there_are_older_ones()
    {
        await DoneAsync(OperationHistory.PageSize);
        Assert.False(OffersOlder(Render<OfAll>()));
        Assert.False(OffersOlder(OfWeb1()));

        await DoneAsync(1);
        Assert.True(OffersOlder(Render<OfAll>()));
        Assert.True(OffersOlder(OfWeb1()));
    }

    [Fact]
    public async Task Once_all_are_shown_no_more_are_offered()
    {
        await DoneAsync(OperationHistory.PageSize + 1);
        var page = Render<OfAll>();
        Assert.True(OffersOlder(page));

        await page.InvokeAsync(() => page.Find(".more button").Click());

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".more")));
    }

    [Fact]
    public async Task Operations_are_found_by_person_day_and_server_which_stand_in_the_address()
    {
        await DoneAsync(2);

        Assert.Equal(2, Found($"/operations?who=bE&from=2026-03-02&to=2026-03-02&server={_web1.Id}"));
        Assert.Equal(0, Found("/operations?who=Ann"));
        Assert.Equal(0, Found("/operations?from=2026-03-03"));
        Assert.Equal(0, Found("/operations?to=2026-03-01"));
        Assert.Equal(0, Found($"/operations?server={Guid.NewGuid()}"));
    }

    [Fact]
    public void A_day_that_is_none_is_told_and_does_not_count()
    {
        GoTo("/operations?from=yesterday");

        var page = Render<OfAll>();

        page.WaitForAssertion(() => Assert.Contains("“yesterday” in the address is no day.", page.Find(".notice").TextContent, StringComparison.Ordinal));
    }

    protected override async Task ArrangeAsync() => _web1 = await AddServerAsync("web1");

    private int Found(string address)
    {
        GoTo(address);
        var page = Render<OfAll>();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".skeleton")));
        return page.FindAll(".operations > li").Count;
    }

    private static bool OffersOlder<T>(IRenderedComponent<T> page)
        where T : IComponent
    {
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".skeleton")));
        return page.FindAll(".more").Count > 0;
    }

    private IRenderedComponent<OfOne> OfWeb1() => Render<OfOne>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

    private async Task DoneAsync(int many)
    {
        var context = Database.OpenForAll();
        await using (context)
        {
            for (var n = 0; n < many; n++)
            {
                context.Operations.Add(new Operation
                {
                    Id = Guid.CreateVersion7(), OrganisationId = Ann.OrganisationId, ServerId = _web1.Id, Kind = OperationKind.RollBack, TargetGeneration = 41, TargetSystem = SystemOf(41).Text,
                    FromGeneration = 42, FromSystem = SystemOf(42).Text, Reason = "scribe is slow", AuthorId = Ann.PersonId, AuthorName = "Ben", StartedAt = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), State = OperationState.Verified,
                });
            }

            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }
    }
}
