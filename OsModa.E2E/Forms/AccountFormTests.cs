using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Forms;

/// <summary>The forms on the way to an account. Their fields are checked by the browser first; here that is switched off, as it is for who sends them by hand.</summary>
public sealed class AccountFormTests(Browser browser, Pictures pictures) : ProductTests(browser)
{
    private static readonly Dictionary<string, string> Ann = new(StringComparer.Ordinal) { ["organisation"] = "Lab", ["name"] = Somebody.Ann.Name, ["email"] = Somebody.Ann.Email, ["password"] = Somebody.Ann.Password };

    [Fact]
    public async Task Each_field_says_what_is_wrong_with_it_from_the_setup_to_a_new_password()
    {
        var product = await StartAsync();
        var window = await OpenAsync(product);
        var page = window.Page;
        await page.GotoAsync((await product.SetupLinkAsync()).ToString());
        await RefusedAsync(page, "/setup", Ann, ("organisation", " ", "Enter a name"), ("name", "a\u200bb", "one line without control characters"), ("email", "ann at example", "Not an e-mail address"), ("password", "short", "at least 12 characters"), ("password", "aaaaaaaaaaaaaaa", "repeats a few characters"));
        await Audit.RunAsync(window);
        await SendAsync(page, "/setup", Ann);
        await window.InteractiveAsync();

        await window.GoAsync("/people");
        foreach (var (email, says) in new[] { ("", "Enter an e-mail address"), ("ben at example", "Not an e-mail address"), (Somebody.Ann.Email, "belongs to the organisation already") })
        {
            await page.GetByLabel("E-mail").FillAsync(email);
            await page.GetByRole(AriaRole.Button, new() { Name = "Make a link" }).ClickAsync();
            await Expect(page.Locator("#invite-error")).ToContainTextAsync(says);
        }

        var link = await Somebody.InviteAsync(window, "ben@example.org", "Viewer");
        await Audit.RunAsync(window);
        var ben = await OpenAsync(product);
        await ben.Page.GotoAsync(link);
        await pictures.ShootAsync(ben, "invitation", narrow: false);
        await RefusedAsync(ben.Page, "/invitation", new(StringComparer.Ordinal) { ["name"] = "Ben", ["password"] = Somebody.Ann.Password }, ("name", "", "Enter a name"), ("password", "short", "at least 12 characters"));
        await Audit.RunAsync(ben);

        await page.GotoAsync("/account");
        await RefusedAsync(page, "/account/password", new(StringComparer.Ordinal) { ["current"] = Somebody.Ann.Password, ["password"] = "a new sentence of five words" }, ("current", "not it at all", "That is not your password now"), ("password", "short", "at least 12 characters"));
        await Audit.RunAsync(window);

        var stranger = await OpenAsync(product);
        await stranger.Page.GotoAsync("/sign-in");
        await SendAsync(stranger.Page, "/sign-in", new(StringComparer.Ordinal) { ["email"] = "nobody", ["password"] = "" });
        await Expect(stranger.Page.Locator(".form-error")).ToContainTextAsync("do not open an account here");
        await Audit.RunAsync(stranger);
        Assert.DoesNotContain("unhandled exception", product.Log.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Sends the form with one wrong field after the other, all others right.</summary>
    private static async Task RefusedAsync(IPage page, string action, Dictionary<string, string> right, params (string Field, string Text, string Says)[] wrong)
    {
        foreach (var (field, text, says) in wrong)
        {
            await SendAsync(page, action, new Dictionary<string, string>(right, StringComparer.Ordinal) { [field] = text });
            await Expect(page.Locator($"#field-{field}-error")).ToContainTextAsync(says);
            await Expect(page.Locator("[aria-invalid=true]")).ToHaveCountAsync(1);
            await Expect(page.Locator(".form-error")).ToHaveCountAsync(0);
        }
    }

    private static async Task SendAsync(IPage page, string action, Dictionary<string, string> fields)
    {
        var form = page.Locator($"form[action='{action}']");
        await form.EvaluateAsync("form => { form.noValidate = true; }");
        foreach (var (field, text) in fields)
        {
            await form.Locator($"[name={field}]").FillAsync(text);
        }

        await form.Locator("button[type=submit]").ClickAsync();
    }
}
