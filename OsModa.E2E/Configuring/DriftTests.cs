using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Configuring;

/// <summary>What runs is not what the repository says: the page tells it, and brings the two together.</summary>
[Collection(Configuring)]
public sealed class DriftTests(Browser browser, Lab lab, Pictures pictures) : LabTests(browser, lab)
{
    [Fact]
    public async Task What_somebody_switched_behind_our_back_is_told_and_undone_from_the_page()
    {
        var machine = await TakeAsync();
        var window = await OpenAsync();
        var page = window.Page;
        var told = page.GetByText("somebody switched it behind our back");
        await FormSteps.ReadInAsync(window, machine);
        await Expect(told).ToHaveCountAsync(0);
        var before = await machine.Server.GenerationAsync("/run/current-system");

        await page.GetByRole(AriaRole.Link, new() { Name = "Close" }).ClickAsync();
        await machine.Server.SwitchAsync(2);
        await Expect(told).ToBeVisibleAsync();
        await Audit.RunAsync(window);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo it: check the newest commit" }).ClickAsync();
        await FormSteps.PassedAsync(window);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Deploy to {machine.Name}" }).ClickAsync();
        await page.WaitForURLAsync("**operation=**");
        await Expect(page.Locator(".outcome")).ToBeVisibleAsync(new() { Timeout = 90_000 });

        await window.GoAsync($"{machine.Address}/configuration");
        await Expect(page.Locator(".outline h2").First).ToBeVisibleAsync();
        await Expect(told).ToHaveCountAsync(0);
        Assert.Equal(before, await machine.Server.GenerationAsync("/run/current-system"));
        Lab.GiveBack(machine);
    }

    [Fact]
    public async Task What_somebody_changed_on_the_server_is_taken_over_by_a_proposal()
    {
        var machine = await TakeAsync();
        var window = await OpenAsync();
        var page = window.Page;
        var told = page.GetByText("somebody switched it behind our back");
        await FormSteps.ReadInAsync(window, machine);
        await page.GetByRole(AriaRole.Link, new() { Name = "Close" }).ClickAsync();
        await machine.Server.ShellAsync("""
            sed -i 's|^}$|  users.motd = "By hand\\n";\n}|' /etc/nixos/configuration.nix
            export NIX_PATH=nixpkgs=/nix/var/nix/profiles/per-user/root/channels/nixos:nixos-config=/etc/nixos/configuration.nix
            system=$(nix-build --no-out-link '<nixpkgs/nixos>' -A system) && nix-env -p /nix/var/nix/profiles/system --set "$system" && $system/bin/switch-to-configuration switch
            """);
        await Expect(told).ToBeVisibleAsync(new() { Timeout = 90_000 });

        await page.GetByRole(AriaRole.Button, new() { Name = "Take over what was changed there" }).ClickAsync();
        await Expect(page.GetByLabel("What it does")).ToBeVisibleAsync();
        await Audit.RunAsync(window);
        await pictures.ShootAsync(window, "drift-taken-over", narrow: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Propose it" }).ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync($"What was changed on {machine.Name} is taken over", new() { Timeout = 90_000 });
        await Expect(page.GetByText($"It is the very system that runs on {machine.Name}: nothing changes there.")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Close" }).ClickAsync();
        await page.Locator("a[data-taken-over]").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and check" }).ClickAsync();
        await FormSteps.PassedAsync(window);
        await page.GetByRole(AriaRole.Link, new() { Name = "Close" }).ClickAsync();

        await Expect(told).ToHaveCountAsync(0);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task How_a_servers_system_is_made_is_changed_in_its_settings()
    {
        var machine = await TakeAsync();
        var window = await OpenAsync();
        var page = window.Page;
        await FormSteps.ReadInAsync(window, machine);

        await window.GoAsync($"{machine.Address}/settings");
        await page.GetByLabel("Evaluated").SelectOptionAsync("Flake");
        await page.GetByLabel("Its name behind nixosConfigurations").FillAsync("not a name");
        await SaveAsync(page);
        await Expect(page.Locator("#source-name-error")).ToBeVisibleAsync();
        await page.GetByLabel("Its name behind nixosConfigurations").FillAsync("shop");
        await SaveAsync(page);
        await Expect(Form(page).GetByText("saved")).ToBeVisibleAsync();

        await window.GoAsync($"{machine.Address}/settings");
        await Expect(page.GetByLabel("Its name behind nixosConfigurations")).ToHaveValueAsync("shop");
        Assert.Empty(window.Complaints);
        Lab.GiveBack(machine);
    }

    private static Task SaveAsync(IPage page) => Form(page).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

    private static ILocator Form(IPage page) => page.GetByRole(AriaRole.Form, new() { Name = "How the system is made" });
}
