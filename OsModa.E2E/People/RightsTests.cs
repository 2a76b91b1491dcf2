using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.People;

[Collection(Collection)]
public sealed class RightsTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    private static readonly Somebody Vera = new("Vera", "vera@example.org", "seven grey herons at low tide");

    [Fact]
    public async Task Whoever_may_no_longer_act_is_refused_even_with_the_sheet_open_and_then_sees_no_button()
    {
        var machine = await TakeAsync();
        var (ann, vera) = (await OpenAsync(), await KeepAsync(Lab.OpenForNobodyAsync(Browser)));
        await ann.GoAsync("/people");
        await Vera.JoinAsync(vera, await Somebody.InviteAsync(ann, Vera.Email, "Operator"));
        await vera.GoAsync($"{machine.Address}/generations?rollback=3");
        var act = vera.Page.Locator("dialog .button-primary");
        await Expect(vera.Page.Locator("dialog .checks")).ToBeVisibleAsync();
        await Expect(act).ToBeEnabledAsync();

        await ann.GoAsync("/people");
        await ann.Page.GetByLabel("Role of Vera").SelectOptionAsync("Viewer");
        await Expect(ann.Page.GetByText("Vera is viewer now")).ToBeVisibleAsync();
        await act.ClickAsync();
        await Expect(vera.Page.Locator("dialog .notice")).ToContainTextAsync("You may look at this server, not change it.");

        await vera.GoAsync($"{machine.Address}/generations?rollback=3");
        await Expect(vera.Page.Locator("li.generation").First).ToBeVisibleAsync();
        await Expect(vera.Page.Locator("dialog")).ToHaveCountAsync(0);
        await Expect(vera.Page.GetByRole(AriaRole.Link, new() { NameRegex = Acting.Words })).ToHaveCountAsync(0);
        Assert.Equal((0, 0), (await machine.Server.SwitchesAsync(), await OperationsOnAsync(machine)));
        Lab.GiveBack(machine);
    }
}
