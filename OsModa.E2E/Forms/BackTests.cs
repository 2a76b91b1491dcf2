using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Forms;

/// <summary>Back leads to where one was, not to the top of a list that has to be searched again.</summary>
public sealed class BackTests(Browser browser, Demo demo)
{
    private const int Down = 1200;

    private static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Back_from_an_operation_leads_to_its_place_in_the_list()
    {
        await using var window = await demo.OpenAsync(browser, Demo.Owner);
        var page = window.Page;
        await window.GoAsync("/operations");
        await Expect(page.Locator(".operations > li").Nth(20)).ToBeVisibleAsync();

        await page.EvaluateAsync($"scrollTo(0, {Down})");
        await Until.TrueAsync("the page scrolled", Ceiling, async () => await page.EvaluateAsync<double>("scrollY") > Down - 2);
        var link = page.Locator(".operations > li a[href*='/operations/']").Nth(20);
        await link.EvaluateAsync("link => link.click()");    // a click by pointer would scroll to it
        await page.WaitForURLAsync("**/servers/*/operations/*");
        await page.GoBackAsync();

        await Until.TrueAsync("the page is where it was", Ceiling, async () => Math.Abs(await page.EvaluateAsync<double>("scrollY") - Down) < 2);
        Assert.Empty(window.Complaints);
    }
}
