using Microsoft.Playwright;
using OsModa.Tests.Lab;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Running;

/// <summary>Somebody with an account, doing with a browser what people do.</summary>
/// <param name="Name">How the product calls them.</param>
/// <param name="Email">To sign in with.</param>
/// <param name="Password">The same.</param>
public sealed record Somebody(string Name, string Email, string Password)
{
    public static Somebody Ann { get; } = new("Ann", "ann@example.org", "five quiet lamps at noon");

    /// <summary>Follows the printed link and fills in the form; ends signed in, on the fleet page.</summary>
    public async Task SetUpAsync(Window window, Uri link, string organisation = "Lab")
    {
        var page = window.Page;
        await page.GotoAsync(link.ToString());
        await page.GetByLabel("Organisation").FillAsync(organisation);
        await page.GetByLabel("Your name").FillAsync(Name);
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Set up and sign in" }).ClickAsync();
        await window.InteractiveAsync();
    }

    /// <summary>Ends where the page that asked for it was, or on the fleet page.</summary>
    public async Task SignInAsync(Window window, string path = "/")
    {
        var page = window.Page;
        await page.GotoAsync(path);
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await window.InteractiveAsync();
    }

    /// <summary>On the page of people: makes a link for somebody.</summary>
    /// <returns>The link, as it is shown.</returns>
    public static async Task<string> InviteAsync(Window window, string email, string role)
    {
        var page = window.Page;
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.Locator("#invite-role").SelectOptionAsync(role);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make a link" }).ClickAsync();
        return await page.Locator(".invited code").TextContentAsync() ?? "";
    }

    /// <summary>Follows an invitation; ends signed in, on the fleet page.</summary>
    public async Task JoinAsync(Window window, string link)
    {
        var page = window.Page;
        await page.GotoAsync(link);
        await page.GetByLabel("Your name").FillAsync(Name);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Join and sign in" }).ClickAsync();
        await window.InteractiveAsync();
    }

    /// <summary>Adds a server by SSH as the pages lead: address, let the key in, compare the host key, connect. Ends when it is watched.</summary>
    /// <returns>Address of the server's pages, such as <c>/servers/0199…</c>.</returns>
    public async Task<string> AddServerAsync(Window window, LabServer server, string name, string? jump = null)
    {
        await ConnectAsync(window, server, name, jump: jump);
        await Expect(window.Page.GetByText($"{name} is watched")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 20_000 });
        return new Uri(window.Page.Url).AbsolutePath[..^"/join".Length];
    }

    /// <summary>Adds a server by its form, lets the dashboard's key in and accepts the server's. Ends as the first login is tried.</summary>
    /// <param name="window">Where.</param>
    /// <param name="server">Which.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="login">Its own unless said otherwise.</param>
    /// <param name="jump">Name of the server to go through.</param>
    public static async Task ConnectAsync(Window window, LabServer server, string name, string? login = null, string? jump = null)
    {
        var page = window.Page;
        await window.GoAsync("/servers/add");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Address").FillAsync(server.Address);
        await page.GetByLabel("User").FillAsync(login ?? server.User);
        if (jump is not null)
        {
            await page.GetByLabel("Jump host").SelectOptionAsync(new SelectOptionValue { Label = jump });
        }

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add and connect" }).ClickAsync();
        await page.WaitForURLAsync("**/servers/*/join");

        var line = await page.GetByLabel("Line for authorized_keys", new PageGetByLabelOptions { Exact = true }).TextContentAsync() ?? "";
        await server.AdmitAsync(line[line.IndexOf("ssh-ed25519", StringComparison.Ordinal)..].Trim(), login);
        await Expect(page.GetByText(server.Fingerprint)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = $"These are the keys of {name}" }).ClickAsync();
    }

    /// <summary>On the page of generations: opens the sheet of one, gives a reason, and confirms. Ends when the sheet watches the switch.</summary>
    public static async Task RollBackAsync(Window window, string name, int generation, string reason)
    {
        var page = window.Page;
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = $"Roll back here: generation {generation}" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync(reason);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = $"Roll back {name} to generation {generation}" }).ClickAsync();
        await page.WaitForURLAsync("**operation=**");
    }
}
