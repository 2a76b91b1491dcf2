using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.FleetTable;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class FleetPageTests : PageRoom
{
    [Fact]
    public void An_empty_list_invites_to_add_the_first_server()
    {
        var page = Render<FleetPage>();

        Assert.Contains("No server yet", page.Markup, StringComparison.Ordinal);
        Assert.Equal("/servers/add", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public async Task The_worst_server_stands_first_and_counts_are_filters()
    {
        await ThreeServersAsync();

        var page = Render<FleetPage>();

        Assert.Equal(["beta", "alpha", "gamma"], Names(page));
        Assert.Equal(["3all", "2healthy", "1failed"], page.FindAll(".strip a").Select(a => a.TextContent.Trim()));
        Assert.EndsWith("?state=failed", page.FindAll(".strip a")[2].GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_says_what_is_shown()
    {
        await ThreeServersAsync();
        GoTo("/?state=healthy&tag=edge");

        var page = Render<FleetPage>();

        Assert.Equal(["gamma"], Names(page));
        Assert.Contains("1 of 3 shown", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_does_not_exist_is_told_and_leads_back()
    {
        await ThreeServersAsync();
        GoTo("/?state=%3Cb%3Enonsense&tag=edge");

        var page = Render<FleetPage>();

        Assert.Contains("“<b>nonsense” is no state of a server. Servers in every state are shown.", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("/?tag=edge", page.Find(".notice a").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal(["gamma"], Names(page));
    }

    [Fact]
    public async Task Another_system_than_NixOS_says_so_where_its_generation_would_stand()
    {
        var debian = await AddServerAsync("debian");
        Fleet.Update(debian.Id, state => state with { Reach = Reach.Live, HeardAt = TimeProvider.System.GetUtcNow(), Host = new HostFacts { OsId = "debian" } });

        Assert.Equal("not NixOS", Render<FleetPage>().Find(".cell-system .hint").TextContent);
    }

    [Fact]
    public async Task A_filter_that_fits_nothing_says_so_and_leads_back()
    {
        await ThreeServersAsync();
        GoTo("/?q=%3Cscript%3E");

        var page = Render<FleetPage>();

        Assert.Contains("No server matches", page.Markup, StringComparison.Ordinal);
        Assert.Equal("/", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_failure_shows_by_itself_with_its_unit()
    {
        var (alpha, _, _) = await ThreeServersAsync();
        var page = Render<FleetPage>();

        Fail(alpha, LastChanged(alpha));

        page.WaitForAssertion(() => Assert.Equal(["alpha", "beta", "gamma"], Names(page)));
        Assert.Contains("nginx failed", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("has-changed", page.FindAll("tbody tr")[0].ClassList);
    }

    [Fact]
    public async Task Nothing_moves_while_the_pointer_is_in_the_table()
    {
        var (alpha, _, _) = await ThreeServersAsync();
        var page = Render<FleetPage>();
        await page.Find("tbody").TriggerEventAsync("onpointerenter", new PointerEventArgs());

        Fail(alpha, LastChanged(alpha));

        page.WaitForAssertion(() => Assert.Equal("2", page.FindAll(".strip a b")[2].TextContent));
        Assert.Equal(["beta", "alpha", "gamma"], Names(page));
        await page.Find("tbody").TriggerEventAsync("onpointerleave", new PointerEventArgs());
        Assert.Equal(["alpha", "beta", "gamma"], Names(page));
    }

    [Fact]
    public async Task What_is_unknown_is_called_unknown()
    {
        await AddServerAsync("lab4");

        var page = Render<FleetPage>();

        var line = page.Find("tbody tr");
        Assert.Contains("never heard", line.TextContent, StringComparison.Ordinal);
        Assert.Equal("unknown", line.QuerySelector(".cell-memory")?.TextContent.Trim());
        Assert.Equal("never", line.QuerySelector(".cell-heard")?.TextContent.Trim());
    }

    [Fact]
    public async Task A_server_that_is_added_elsewhere_appears()
    {
        await ThreeServersAsync();
        var page = Render<FleetPage>();

        await AddServerAsync("delta");

        page.WaitForAssertion(() => Assert.Contains("delta", Names(page)));
    }

    private LastChange LastChanged(Server server) => new(Fleet[server.Id].HeardAt!.Value, ChangeKind.UnitFailed, "nginx", Ours: false);

    private static List<string> Names(IRenderedComponent<FleetPage> page) => [.. page.FindAll("tbody .server-name").Select(name => name.TextContent)];

    private void Fail(Server server, LastChange change) => Fleet.Update(server.Id, state => state with
    {
        Units = state.Units.SetItem(UnitName.Parse("nginx.service"), Unit("nginx.service", UnitHealth.Failed)),
        LastChange = change,
    });

    private async Task<(Server Alpha, Server Beta, Server Gamma)> ThreeServersAsync()
    {
        var (alpha, beta, gamma) = (await AddServerAsync("alpha"), await AddServerAsync("beta"), await AddServerAsync("gamma", "edge"));
        foreach (var server in new[] { alpha, beta, gamma })
        {
            Fleet.Update(server.Id, state => Running(state));
        }

        Fail(beta, LastChanged(beta));
        return (alpha, beta, gamma);
    }
}

public sealed class FleetPageOfAViewerTests : PageRoom
{
    protected override Role Role => Role.Viewer;

    [Fact]
    public async Task Has_no_button_to_add_a_server()
    {
        await AddServerAsync("alpha");

        var page = Render<FleetPage>();

        Assert.Empty(page.FindAll("a[href='/servers/add']"));
    }
}
