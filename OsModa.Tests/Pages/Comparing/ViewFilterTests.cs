using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Dashboard.Pages.Comparing;
using Xunit;

namespace OsModa.Tests.Pages.Comparing;

public sealed class ViewFilterTests : BunitContext
{
    [Fact]
    public void Each_view_is_an_address_that_keeps_the_search_and_the_unit()
    {
        var filter = Show(view: "units", search: "a b", kept: "unit=nginx.service");

        Assert.Equal("true", filter.Find("a[href*='show=units']").GetAttribute("aria-current"));
        Assert.Equal("/x?unit=nginx.service&search=a%20b", filter.Find("a").GetAttribute("href"));
        Assert.Equal("/x?unit=nginx.service&show=etc&search=a%20b", filter.Find("a[href*='show=etc']").GetAttribute("href"));
    }

    [Fact]
    public void Without_anything_chosen_the_address_is_plain() => Assert.Equal("/x", Show().Find("a").GetAttribute("href"));

    [Theory]
    [InlineData("glibc ", "http://localhost/x?show=packages&search=glibc")]
    [InlineData(" ", "http://localhost/x?show=packages")]
    public void A_search_goes_into_the_address_and_keeps_the_view(string typed, string address)
    {
        var filter = Show(view: "packages", search: "before");

        filter.Find("input").Change(typed);

        Assert.Equal(address, Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public void It_counts_what_each_view_holds() =>
        Assert.Equal("2", Show().Find("a[href*='show=units'] span").TextContent);

    private IRenderedComponent<ViewFilter> Show(string view = "", string search = "", string kept = "") => Render<ViewFilter>(parameters => parameters
        .Add(p => p.Address, "/x").Add(p => p.View, view).Add(p => p.Search, search).Add(p => p.Kept, kept)
        .Add(p => p.Difference, SomeDifference.Of(("a.service", "[Service]\nA=1\n", "[Service]\nA=2\n"), ("b.service", null, "[Service]\n"))));
}
