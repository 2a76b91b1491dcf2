using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E;

public sealed class FirstRunTests(Browser browser)
{
    [Fact]
    public async Task The_printed_link_makes_an_organisation_and_its_owner_once()
    {
        await using var product = await Product.StartAsync();
        await using var window = await browser.OpenAsync(product);
        var link = await product.SetupLinkAsync();
        await Somebody.Ann.SetUpAsync(window, link);
        await Expect(window.Page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Name = "Fleet" })).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);

        await using var stranger = await browser.OpenAsync(product);
        await stranger.Page.GotoAsync(link.ToString());
        await Expect(stranger.Page.GetByText("has been used")).ToBeVisibleAsync();
    }
}
