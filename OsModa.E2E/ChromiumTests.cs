using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;

[assembly: AssemblyFixture(typeof(Browser))]
[assembly: AssemblyFixture(typeof(Demo))]
[assembly: AssemblyFixture(typeof(OsModa.E2E.Looks.Pictures))]

namespace OsModa.E2E;

public sealed class ChromiumTests(Browser browser)
{
    [Fact]
    public async Task The_browser_opens_a_page_and_axe_finds_a_planted_fault()
    {
        await using var product = await Product.StartAsync();
        await using var window = await browser.OpenAsync(product);
        await window.Page.SetContentAsync("<!DOCTYPE html><html lang=en><title>x</title><main><h1>x</h1><img src=x>");
        await Audit.PrepareAsync(window.Page);
        Assert.StartsWith("image-alt: ", Assert.Single(await Audit.ViolationsAsync(window.Page)), StringComparison.Ordinal);
    }
}
