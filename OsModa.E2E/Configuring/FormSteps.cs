using Microsoft.Playwright;
using OsModa.E2E.Running;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Configuring;

/// <summary>What most stories of a configuration begin with.</summary>
internal static class FormSteps
{
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 90_000 };

    /// <summary>Takes what a server is now into the repository; ends when it is proven to be what runs.</summary>
    public static async Task ReadInAsync(Window window, LabMachine machine)
    {
        await window.GoAsync($"{machine.Address}/configuration");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Read it in" }).ClickAsync(new() { Timeout = 90_000 });
        await PassedAsync(window);
    }

    /// <summary>Fills fields of the form with Nix.</summary>
    public static async Task PasteAsync(Window window, LabMachine machine, string nix)
    {
        await window.GoAsync($"{machine.Address}/configuration?topic=agents");
        await PasteHereAsync(window, nix);
    }

    /// <summary>The same on the form that is open.</summary>
    public static async Task PasteHereAsync(Window window, string nix)
    {
        var page = window.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste Nix…" }).ClickAsync();
        await page.GetByLabel("Nix to take into the form").FillAsync(nix);
        await page.GetByRole(AriaRole.Button, new() { Name = "Fill the fields" }).ClickAsync();
        await Expect(page.GetByText("Undo takes it back")).ToBeVisibleAsync();
    }

    /// <summary>Makes a commit of what the form says, and waits for its checks.</summary>
    public static async Task SaveAsync(Window window, string title)
    {
        var page = window.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Propose…" }).ClickAsync();
        await page.GetByLabel("What it does").FillAsync(title);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and check" }).ClickAsync();
        await PassedAsync(window);
    }

    /// <summary>Waits for the checks that the sheet shows.</summary>
    public static Task PassedAsync(Window window) => Expect(window.Page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", Patient);
}
