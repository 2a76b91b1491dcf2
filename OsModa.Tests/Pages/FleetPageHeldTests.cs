using Bunit;
using Microsoft.AspNetCore.Components.Web;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.FleetTable;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class FleetPageHeldTests : PageRoom
{
    private readonly HandClock _clock = new();
    private readonly List<Server> _servers = [];

    protected override TimeProvider Clock => _clock;

    [Fact]
    public async Task Under_the_pointer_a_new_failure_shows_below_and_comes_to_the_top_when_the_pointer_rests()
    {
        var page = Render<FleetPage>();
        var before = Names(page);
        Assert.Equal(30, before.Count);
        await page.Find("tbody").TriggerEventAsync("onpointerenter", new PointerEventArgs());

        Fail(_servers[39]);
        page.WaitForAssertion(() => Assert.Equal([.. before, "s39"], Names(page)));

        _clock.Advance(TimeSpan.FromSeconds(11));
        page.WaitForAssertion(() => Assert.Equal(["s39", .. before.Take(29)], Names(page)));
    }

    [Fact]
    public async Task Nothing_moves_while_the_focus_goes_from_one_server_to_the_next()
    {
        var page = Render<FleetPage>();
        var before = Names(page);
        await page.Find("tbody").TriggerEventAsync("onfocusin", new FocusEventArgs());

        Fail(_servers[7]);
        page.WaitForAssertion(() => Assert.Contains("1failed", page.FindAll(".strip a").Select(a => a.TextContent.Trim())));
        await page.Find("tbody").TriggerEventAsync("onfocusout", new FocusEventArgs());
        await page.Find("tbody").TriggerEventAsync("onfocusin", new FocusEventArgs());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before, Names(page));

        await page.Find("tbody").TriggerEventAsync("onfocusout", new FocusEventArgs());
        _clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Equal("s07", Names(page)[0]));
    }

    protected override async Task ArrangeAsync()
    {
        for (var i = 0; i < 40; i++)
        {
            var server = await AddServerAsync($"s{i:00}");
            Fleet.Update(server.Id, state => Running(state));
            _servers.Add(server);
        }
    }

    private static List<string> Names(IRenderedComponent<FleetPage> page) => [.. page.FindAll("tbody .server-name").Select(name => name.TextContent)];

    private void Fail(Server server) => Fleet.Update(server.Id, state => state with { Units = state.Units.SetItem(UnitName.Parse("nginx.service"), Unit("nginx.service", UnitHealth.Failed)) });
}
