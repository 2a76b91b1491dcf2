using Bunit;
using OsModa.Core.Comparison.Packages;
using OsModa.Dashboard.Pages.Comparing;
using Xunit;
using PackageGroup = OsModa.Dashboard.Pages.Comparing.PackageGroup;

namespace OsModa.Tests.Pages.Comparing;

public sealed class PackageGroupTests : BunitContext
{
    private static readonly PackageComparison Some = SomeDifference.Packages(
        ["nginx-1.24.0", "openssl-3.0.13", "zlib-1.3", "nginx.conf"], ["nginx-1.26.2", "openssl-3.0.16", "zlib-1.3", "nginx.conf"]);

    [Fact]
    public void What_was_built_anew_and_what_NixOS_wrote_is_folded()
    {
        var group = Show(Some);

        Assert.Equal(["nginx", "openssl"], Names(group, ".group > div > ul > li > b"));
        Assert.Equal(["1 package of the same version, built anew", "1 path that NixOS wrote from the configuration"], group.FindAll("summary").Select(summary => summary.TextContent));
        Assert.All(group.FindAll("details"), fold => Assert.False(fold.HasAttribute("open")));
    }

    [Fact]
    public void A_search_finds_names_in_all_of_them_and_opens_what_holds_them()
    {
        var group = Show(Some, "NGINX");

        Assert.Equal(["nginx", "nginx.conf"], Names(group, "li > b"));
        Assert.True(group.Find("details").HasAttribute("open"));
    }

    [Fact]
    public void A_search_that_finds_nothing_says_so() => Assert.Equal("None of that name.", Show(Some, "postgres").Find(".small").TextContent);

    [Fact]
    public void Many_are_shown_when_somebody_asks()
    {
        var group = Show(SomeDifference.Packages([.. Enumerable.Range(100, 70).Select(n => $"p{n}-1")], [.. Enumerable.Range(100, 70).Select(n => $"p{n}-2")]));
        Assert.Equal(60, group.FindAll("li").Count);

        group.Find("[data-rest]").Click();

        Assert.Equal(70, group.FindAll("li").Count);
        Assert.Empty(group.FindAll("[data-rest]"));
    }

    [Fact]
    public void One_of_several_versions_goes_without_the_package() =>
        Assert.Equal("one version less", Show(SomeDifference.Packages(["curl-8.13.0", "curl-8.14.1"], ["curl-8.13.0"])).Find(".why").TextContent);

    private static IEnumerable<string> Names(IRenderedComponent<PackageGroup> group, string selector) => group.FindAll(selector).Select(name => name.TextContent);

    private IRenderedComponent<PackageGroup> Show(PackageComparison packages, string search = "") => Render<PackageGroup>(parameters => parameters.Add(p => p.Packages, packages).Add(p => p.Search, search));
}
