using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.People;

public sealed class KeyboardTests(Browser browser, Demo demo)
{
    // More than any page has: who has not arrived by then goes round in circles.
    private const int MostTabs = 120;

    [Fact]
    public async Task From_signing_in_to_a_rollback_sheet_and_back_without_a_mouse()
    {
        await using var window = await demo.OpenAsync(browser, somebody: null);
        var page = window.Page;
        await page.GotoAsync("/sign-in");
        await Expect(page.GetByLabel("E-mail")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(Demo.Operator.Email);
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByLabel("Password")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(Demo.Operator.Password);
        await page.Keyboard.PressAsync("Enter");
        await window.InteractiveAsync();

        // A new page begins at its heading, behind the navigation.
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "build2", Exact = true }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync("build2");
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        await TabToAsync(page, page.Locator(".tabs").GetByRole(AriaRole.Link, new() { Name = "Generations" }));
        await page.Keyboard.PressAsync("Enter");
        var opener = page.Locator("li.generation .generation-action a").First;
        await Expect(opener).ToBeVisibleAsync();
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        await TabToAsync(page, opener);
        await page.Keyboard.PressAsync("Enter");

        // The sheet takes the focus, keeps it, and gives it back.
        var cancel = page.GetByRole(AriaRole.Link, new() { Name = "Cancel" });
        await Expect(cancel).ToBeFocusedAsync();
        await Expect(page.Locator("dialog .button-primary")).ToBeEnabledAsync();
        for (var tab = 0; tab < 8; tab++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>("document.activeElement === document.body || !!document.activeElement.closest('dialog')"), "The focus left the open sheet.");
        }

        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        Assert.DoesNotContain("rollback", page.Url, StringComparison.Ordinal);
        await Expect(opener).ToBeFocusedAsync();
        Assert.True(await IsMarkedAsync(page), "The focus came back to the link but is not seen.");

        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByLabel("Search")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("web3");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync("web3");
        Assert.Empty(window.Complaints);
    }

    /// <summary>Forward from element to element; each shows that it has the focus.</summary>
    private static async Task TabToAsync(IPage page, ILocator goal)
    {
        await Expect(goal).ToBeVisibleAsync();
        for (var tabs = 0; tabs < MostTabs; tabs++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(await IsMarkedAsync(page), $"Nothing marks the focus on {await page.EvaluateAsync<string>("document.activeElement.outerHTML.slice(0, 200)")}");
            if (await goal.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{MostTabs} times Tab did not lead there.");
    }

    // By an outline of its own or of the box around it; the page itself, between its end and its beginning, needs none.
    private static Task<bool> IsMarkedAsync(IPage page) => page.EvaluateAsync<bool>(
        """
        () => {
          const outlined = element => { const style = getComputedStyle(element); return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0; };
          const focused = document.activeElement;
          return focused === document.body || outlined(focused) || outlined(focused.parentElement);
        }
        """);
}
