using Deque.AxeCore.Playwright;
using OsModa.E2E.Running;
using Xunit;

[assembly: AssemblyFixture(typeof(Browser))]
[assembly: AssemblyFixture(typeof(Demo))]

namespace OsModa.E2E;

public sealed class ChromiumTests(Browser browser)
{
    [Fact]
    public async Task The_browser_opens_a_page_and_axe_finds_a_planted_fault()
    {
        await using var product = await Product.StartAsync();
        await using var window = await browser.OpenAsync(product);
        await window.Page.SetContentAsync("<!DOCTYPE html><html lang=en><title>x</title><main><h1>x</h1><img src=x>");
        var violation = Assert.Single((await window.Page.RunAxe()).Violations);
        Assert.Equal("image-alt", violation.Id);
    }
}
