using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages.OneServer;

public sealed class UnitsAndLogsPageTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public void A_state_in_the_address_that_does_not_exist_is_told_and_all_units_show()
    {
        GoTo($"/servers/{_web1.Id}/units?state=nonsense");

        var page = Render<UnitsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

        Assert.Contains("“nonsense” is no state of a unit. Units in every state are shown.", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Contains("nginx.service", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_finds_nothing_says_so_and_leads_back()
    {
        GoTo($"/servers/{_web1.Id}/units?q=%00%3Cscript%3E");

        var page = Render<UnitsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

        Assert.Contains("None of the 2 units of web1 fits", page.Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/servers/{_web1.Id}/units", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void What_needs_a_look_can_be_chosen_first_for_its_journal_and_the_choice_stands_in_the_address()
    {
        var page = Render<LogsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));
        Assert.Equal(["", "scout.service", "nginx.service"], page.FindAll("option").Select(option => option.GetAttribute("value")));

        page.Find("select").Change("scout.service");

        Assert.EndsWith("/logs?unit=scout.service", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_name_of_a_unit_has_no_journal()
    {
        GoTo($"/servers/{_web1.Id}/logs?unit=--help");

        var page = Render<LogsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

        Assert.Contains("This is not the name of a unit.", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".log"));
    }

    protected override async Task ArrangeAsync()
    {
        _web1 = await AddServerAsync("web1");
        Fleet.Update(_web1.Id, state => Running(state) is var running ? running with { Units = running.Units.SetItem(UnitName.Parse("scout.service"), Unit("scout.service", UnitHealth.Failed)) } : state);
    }
}
