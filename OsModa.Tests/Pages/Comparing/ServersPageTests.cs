using Bunit;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Comparing;
using Xunit;

namespace OsModa.Tests.Pages.Comparing;

public sealed class ServersPageTests : PageRoom
{
    private Server _web1 = null!, _web2 = null!;

    [Fact]
    public void A_switch_of_the_right_server_is_followed_as_one_of_the_left()
    {
        Run(_web1, 41);
        Run(_web2, 41);
        var page = Open();
        page.WaitForAssertion(() => Assert.Contains("The same system", page.Markup, StringComparison.Ordinal));

        Run(_web2, 42);
        page.WaitForAssertion(() => Assert.Contains("Both have the same units", page.Find(".verdict").TextContent, StringComparison.Ordinal));

        Run(_web1, 42);
        page.WaitForAssertion(() => Assert.Contains("The same system", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void The_right_server_is_compared_as_soon_as_it_is_heard()
    {
        Run(_web1, 41);
        var page = Open();
        page.WaitForAssertion(() => Assert.Contains("web2 has not said yet what it runs.", page.Markup, StringComparison.Ordinal));

        Run(_web2, 42);

        page.WaitForAssertion(() => Assert.Contains("Both have the same units", page.Find(".verdict").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_that_is_lost_is_said_to_be_and_its_system_is_that_of_its_last_word()
    {
        Run(_web1, 41);
        Run(_web2, 41);
        var page = Open();
        Assert.Equal("what they run now", page.Find(".facts span").TextContent);

        Fleet.Update(_web2.Id, static state => state with { Reach = Reach.Lost });

        page.WaitForAssertion(() => Assert.Equal("what they run, web2 when last heard", page.Find(".facts span").TextContent));
        Assert.Contains("the very same system when last heard", page.Find("select option").TextContent, StringComparison.Ordinal);
    }

    protected override async Task ArrangeAsync()
    {
        (_web1, _web2) = (await AddServerAsync("web1"), await AddServerAsync("web2"));
        Shell.Answer = static (script, arguments) => script == "compare.sh"
            ? ["closure\tto\tjson", $$"""={ "{{StorePath.Parse(arguments[1])}}": { "narSize": 1, "references": [] } }""", "closures-end", "entries-end", "texts\tto", "texts-end"]
            : [];
    }

    private void Run(Server server, int generation) => Fleet.Update(server.Id, state => Running(state, generation));

    private IRenderedComponent<ServersPage> Open() => Render<ServersPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value).Add(p => p.Other, _web2.Id.Value));
}
