using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages.OneServer;

public sealed class OverviewPageTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public void Before_the_first_word_nothing_is_claimed() =>
        Assert.Contains("Nothing is known of web1 yet.", Open().Markup, StringComparison.Ordinal);

    [Fact]
    public void What_was_well_at_the_last_word_is_not_called_well_now()
    {
        Fleet.Update(_web1.Id, state => Running(state));
        var page = Open();
        Assert.Contains("All 1 unit are as they should be", page.Markup, StringComparison.Ordinal);

        Fleet.Update(_web1.Id, static state => state with { Reach = Reach.Lost });

        page.WaitForAssertion(() => Assert.Contains("As of the last word, all units were as they should be", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void A_unit_that_fails_shows_by_itself_with_its_reason_and_goes_when_it_is_well_again()
    {
        Fleet.Update(_web1.Id, state => Running(state));
        var page = Open();

        Fleet.Update(_web1.Id, static state => state with { Units = state.Units.SetItem(UnitName.Parse("scout.service"), Unit("scout.service", UnitHealth.Failed) with { Why = "exited with 3" }) });
        page.WaitForAssertion(() => Assert.Contains("exited with 3", page.Find(".facts-list").TextContent, StringComparison.Ordinal));
        Assert.EndsWith("/units/scout.service", page.Find(".facts-list a").GetAttribute("href"), StringComparison.Ordinal);

        Fleet.Update(_web1.Id, static state => state with { Units = state.Units.SetItem(UnitName.Parse("scout.service"), Unit("scout.service")) });
        page.WaitForAssertion(() => Assert.Contains("nothing needs a look", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void The_last_hour_of_load_and_memory_is_drawn_with_gaps_where_nothing_was_heard()
    {
        var history = Services.GetRequiredService<LoadHistory>();
        foreach (var (reach, load) in new[] { (Reach.Live, 0.5), (Reach.Live, 1), (Reach.Lost, 0), (Reach.Live, 2) })
        {
            Fleet.Update(_web1.Id, state => Running(state) with { Reach = reach, Host = (state.Host ?? new HostFacts()) with { Cores = 2 }, Load = new HostLoad(load, 100, 75, 0, 0, null) });
            history.Take();
        }

        var lines = Open().FindAll(".hour");

        Assert.Equal(["40 s: 0.50 to 2.00", $"40 s: {Amount.Percent(0.25)} to {Amount.Percent(0.25)}"], lines.Select(line => line.GetAttribute("aria-label")));
        Assert.Equal("M356 17.5L357 12M359 1", lines[0].QuerySelector("path")!.GetAttribute("d"));
    }

    [Fact]
    public void Agents_stand_by_their_own_names()
    {
        Fleet.Update(_web1.Id, state => Running(state) with { Units = state.Units.SetItem(UnitName.Parse("agent-scoutd.service"), Unit("agent-scoutd.service") with { Agent = "scoutd" }) });

        var page = Open();

        Assert.Contains(page.FindAll(".facts-list .server-name"), name => name.TextContent == "scoutd");
    }

    [Fact]
    public void What_an_unheard_server_said_last_is_grey_told_in_the_past_and_counts_no_further()
    {
        var changed = DateTimeOffset.UnixEpoch.AddDays(1);
        Fleet.Update(_web1.Id, state => Running(state) with
        {
            Reach = Reach.Lost,
            Host = new HostFacts { BootedAt = changed },
            Units = state.Units.SetItem(UnitName.Parse("agent-scoutd.service"), Unit("agent-scoutd.service") with { Agent = "scoutd", Sub = "running", ChangedAt = changed }),
        });

        var page = Open();

        Assert.Contains("web1 ran 42 when last heard.", page.Find(".is-old .lead").TextContent, StringComparison.Ordinal);
        var agent = page.Find(".is-old .facts-list li");
        Assert.Equal("stale", agent.QuerySelector(".state")!.TextContent.Trim());
        Assert.Contains("was running", agent.TextContent, StringComparison.Ordinal);
        Assert.Contains("nothing needed a look when last heard", page.Markup, StringComparison.Ordinal);
        Assert.Contains("1 of 1 agent ran when last heard", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".is-old time[data-as=age], .facts time[data-as=age]"));
        Assert.Empty(page.FindAll(".is-old .state.healthy"));
    }

    [Fact]
    public async Task A_server_in_trouble_has_the_way_back_to_what_was_known_good_and_one_that_is_well_has_not()
    {
        await using (var context = Database.OpenFor(Ann))
        {
            context.Operations.Add(new Operation
            {
                Id = Guid.CreateVersion7(), OrganisationId = Ann.OrganisationId, ServerId = _web1.Id, Kind = OperationKind.RollBack, TargetGeneration = 40, TargetSystem = SystemOf(40).Text,
                FromGeneration = 43, FromSystem = SystemOf(43).Text, Reason = "", AuthorId = Ann.PersonId, AuthorName = Ann.Name, StartedAt = DateTimeOffset.UnixEpoch, State = OperationState.Verified, KnownGoodAt = DateTimeOffset.UnixEpoch,
            });
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }

        Fleet.Update(_web1.Id, state => Running(state));
        var page = Open();
        Assert.Empty(page.FindAll(".timeline-head .button-primary"));

        Fleet.Update(_web1.Id, static state => state with { Units = state.Units.SetItem(UnitName.Parse("scout.service"), Unit("scout.service", UnitHealth.Failed)) });

        page.WaitForAssertion(() => Assert.Equal("Roll back to 40, known good", page.Find(".timeline-head .button-primary").TextContent));
        Assert.EndsWith("/generations?rollback=40", page.Find(".timeline-head .button-primary").GetAttribute("href"), StringComparison.Ordinal);
    }

    protected override async Task ArrangeAsync()
    {
        _web1 = await AddServerAsync("web1");
        Fleet.Update(_web1.Id, static state => state);
    }

    private IRenderedComponent<OverviewPage> Open() => Render<OverviewPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));
}
