using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Forms;

/// <summary>What is wrong in a form about servers is said at its field, in a new one and in settings.</summary>
public sealed class ServerFormTests(Browser browser, Demo demo)
{
    private static readonly (string Field, string Text, string Says)[][] Rounds =
    [
        [("name", "", "Enter a name"), ("address", "", "Enter the server's name or IP address"), ("port", "0", "from 1 to 65535"), ("login", "", "Not a user name"), ("tags", "prod_uction", "is not a tag")],
        [("name", "-rf /", "begins with a letter or digit"), ("address", "-oProxyCommand=id", "Not a host name or IP address"), ("port", "twenty", "from 1 to 65535"), ("login", "root; id", "Not a user name"), ("tags", "<script>", "is not a tag")],
        [("name", "web3", "is called web3"), ("address", "web one", "Not a host name or IP address"), ("port", "65536", "from 1 to 65535"), ("login", "-root", "Not a user name"), ("tags", "a b c d e f g h i j k l m n o p q r s t u", "20 tags at most")],
    ];

    [Theory]
    [InlineData("/servers/add", "Add and connect")]
    [InlineData("/servers/{server}/settings", "Save")]
    public async Task Each_field_says_what_is_wrong_with_it(string path, string button)
    {
        var names = await demo.NamesAsync(browser);
        await using var window = await demo.OpenAsync(browser, Demo.Owner);
        var page = window.Page;
        await window.GoAsync(names.Fill(path));
        foreach (var round in Rounds)
        {
            foreach (var (field, text, _) in round)
            {
                await page.Locator($"#{field}").FillAsync(text);
                await page.Locator($"#{field}").BlurAsync(); // fields tell their text when they are left
            }

            await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            foreach (var (field, _, says) in round)
            {
                await Expect(page.Locator($"#{field}-error")).ToContainTextAsync(says);
                await Expect(page.Locator($"#{field}[aria-invalid=true]")).ToHaveCountAsync(1);
            }
        }

        Assert.EndsWith(names.Fill(path), page.Url, StringComparison.Ordinal);
        await Audit.RunAsync(window);
    }

    [Fact]
    public async Task A_jump_host_that_goes_back_to_the_server_itself_is_refused_at_its_field()
    {
        var names = await demo.NamesAsync(browser);
        await using var window = await demo.OpenAsync(browser, Demo.Owner);
        var page = window.Page;
        await window.GoAsync(names.Fill("/servers/{server}/settings"));
        await page.Locator("#jump").EvaluateAsync(names.Fill("jump => { jump.options[1].value = '{server}'; jump.selectedIndex = 1; jump.dispatchEvent(new Event('change', { bubbles: true })); }"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("#jump-note")).ToHaveTextAsync("A server is not its own jump host.");
    }

    [Fact]
    public async Task A_server_is_only_removed_by_its_name()
    {
        var names = await demo.NamesAsync(browser);
        await using var window = await demo.OpenAsync(browser, Demo.Owner);
        var page = window.Page;
        await window.GoAsync(names.Fill("/servers/{server}/settings"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove build2…" }).ClickAsync();
        await page.GetByLabel("Type build2 to confirm").FillAsync("build");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove build2", Exact = true }).ClickAsync();
        await Expect(page.Locator("#typed-error")).ToHaveTextAsync("This is not build2.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await window.GoAsync("/");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "build2", Exact = true })).ToBeVisibleAsync();
    }
}
