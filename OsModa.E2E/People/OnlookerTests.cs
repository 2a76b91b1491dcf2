using System.Net;
using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.People;

/// <summary>Those who may only look, and those who may not even do that.</summary>
public sealed class OnlookerTests(Browser browser, Demo demo)
{
    public static IEnumerable<string> PagesOfAServer => Places.All.Select(place => place.Path).Where(path => path.StartsWith("/servers/{", StringComparison.Ordinal) && !path.StartsWith("/servers/{visited}", StringComparison.Ordinal)).Distinct();    // that one is the other organisation's own

    [Fact]
    public async Task A_viewer_finds_nothing_to_act_with_on_any_page()
    {
        var names = await demo.NamesAsync(browser);
        await using var window = await demo.OpenAsync(browser, Demo.Viewer);
        foreach (var path in PagesOfAServer.Concat(["/", "/people", "/operations", "/servers/add"]))
        {
            await window.GoAsync(names.Fill(path));
            await Expect(window.Page.Locator("h1")).ToHaveCountAsync(1);
            foreach (var role in new[] { AriaRole.Link, AriaRole.Button })
            {
                var offers = await window.Page.GetByRole(role, new() { NameRegex = Acting.Words }).AllTextContentsAsync();
                Assert.True(offers.Count == 0, $"{path} offers {string.Join(", ", offers)}");
            }
        }

        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Somebody_of_another_organisation_gets_the_same_answer_as_for_a_server_that_never_was()
    {
        var names = await demo.NamesAsync(browser);
        await using var window = await demo.OpenAsync(browser, Demo.Stranger);
        await window.GoAsync("/");
        await Expect(window.Page.Locator("tbody tr").First).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("build2")).ToHaveCountAsync(0);
        foreach (var path in PagesOfAServer.Select(names.Fill))
        {
            var answer = await window.Page.GotoAsync(path);
            Assert.True(answer!.Status == (int)HttpStatusCode.NotFound, $"{path}: {answer.Status}");
            Assert.DoesNotContain("build2", await answer.TextAsync(), StringComparison.Ordinal);
            await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Nothing here");
        }
    }
}
