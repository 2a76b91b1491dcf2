using Bunit;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Wall;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class ScreenPageTests : PageRoom
{
    private Server _alpha = null!, _beta = null!, _gamma = null!;

    [Fact]
    public void When_all_is_well_it_says_so_and_nothing_else()
    {
        var page = Render<ScreenPage>();

        Assert.Equal("All 3 servers healthy", page.Find("h1").TextContent);
        Assert.Empty(page.FindAll(".troubles li"));
        Assert.Equal("3 servers: 3 healthy", page.Find(".marks").GetAttribute("aria-label"));
        Assert.Equal(3, page.FindAll(".marks svg").Count);
        Assert.Empty(page.FindAll("a, button, input, select"));
    }

    [Fact]
    public void What_goes_wrong_shows_by_itself_worst_first_and_those_not_heard_stand_together()
    {
        var page = Render<ScreenPage>();

        Fleet.Update(_gamma.Id, static state => state with { Reach = Reach.Lost });
        Fleet.Update(_beta.Id, static state => state with { Units = state.Units.SetItem(UnitName.Parse("nginx.service"), Unit("nginx.service", UnitHealth.Failed)) });

        page.WaitForAssertion(() => Assert.Equal("1 of 3 servers healthy", page.Find("h1").TextContent));
        Assert.Equal(["beta", "gamma"], page.FindAll(".troubles li > b").Select(name => name.TextContent));
        Assert.Contains("nginx failed", page.FindAll(".troubles li")[0].TextContent, StringComparison.Ordinal);

        Fleet.Update(_alpha.Id, static state => state with { Reach = Reach.Lost });

        page.WaitForAssertion(() => Assert.Equal(["beta", "2 servers"], page.FindAll(".troubles li > b").Select(name => name.TextContent)));
        Assert.Contains("alpha, gamma not heard", page.FindAll(".troubles li")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_rescue_is_told_with_its_seconds()
    {
        await using (var context = Database.OpenFor(Ann))
        {
            context.Operations.Add(new Operation
            {
                Id = Guid.CreateVersion7(), OrganisationId = Ann.OrganisationId, ServerId = _beta.Id, Kind = OperationKind.Deploy, TargetGeneration = 43, TargetSystem = SystemOf(43).Text, FromGeneration = 42, FromSystem = SystemOf(42).Text,
                Reason = "", AuthorId = Ann.PersonId, AuthorName = Ann.Name, StartedAt = TimeProvider.System.GetUtcNow(), State = OperationState.RolledBack, Verdict = SwitchVerdict.RolledBack,
                Noticed = TimeSpan.FromSeconds(0.4), Decided = TimeSpan.FromSeconds(0.5), SwitchedBack = TimeSpan.FromSeconds(1.1), Recovered = TimeSpan.FromSeconds(1.6),
            });
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }

        var page = Render<ScreenPage>();

        page.WaitForAssertion(() => Assert.Equal("Last rescue: beta, back on 42 in 1.6 s", page.Find(".rescue").TextContent));
    }

    protected override async Task ArrangeAsync()
    {
        (_alpha, _beta, _gamma) = (await AddServerAsync("alpha"), await AddServerAsync("beta"), await AddServerAsync("gamma"));
        foreach (var server in new[] { _alpha, _beta, _gamma })
        {
            Fleet.Update(server.Id, state => Running(state));
        }
    }
}
