using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using OsModa.Tests.Lab;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Configuring;

/// <summary>The organisation's configuration is kept in a Git repository of its own, on another machine.</summary>
[Collection(Configuring)]
public sealed class RepositoryTests(Browser browser, Lab lab, Pictures pictures) : LabTests(browser, lab)
{
    [Fact]
    public async Task A_repository_is_connected_gets_what_is_saved_gives_what_others_push_and_is_disconnected()
    {
        var hosting = KeepAsync(GitHost.UpAsync());
        var machine = await TakeAsync();
        var window = await OpenAsync();
        var page = window.Page;
        await machine.Server.ShellAsync("""echo '# smtpPassword = "nine blue barges";' >> /etc/nixos/hardware-configuration.nix""");
        await FormSteps.ReadInAsync(window, machine);
        var host = await hosting;

        await window.GoAsync("/configuration");
        await page.GetByRole(AriaRole.Link, new() { Name = "Connect a repository" }).ClickAsync();
        await page.GetByLabel("Repository", new() { Exact = true }).FillAsync("https://git.example.org/servers.git");
        await ClickAsync(page, "Read its host key");
        await Expect(page.Locator("#remote-address-error")).ToBeVisibleAsync();
        await page.GetByLabel("Repository", new() { Exact = true }).FillAsync(host.Repository);
        await ClickAsync(page, "Read its host key");
        await Expect(page.GetByText(host.Server.Fingerprint)).ToBeVisibleAsync();
        await Audit.RunAsync(window);

        // What looks like a secret is not sent to others before somebody has said that it may be.
        var connect = $"These are the keys of {host.Server.Address}: connect";
        await Expect(page.Locator(".exposed")).ToContainTextAsync($"servers/{machine.Name}/hardware-configuration.nix");
        await ClickAsync(page, connect);
        await Expect(page.Locator("#remote-known-error")).ToBeVisibleAsync();
        await pictures.ShootAsync(window, "repository-secrets", narrow: true);
        await page.GetByLabel("I know, and it may be sent to").CheckAsync();

        // It does not know us yet: said at the field, and nothing that was typed is lost.
        await ClickAsync(page, connect);
        await Expect(page.GetByText("Add the public key to the repository there")).ToBeVisibleAsync();
        await host.Server.AdmitAsync((await page.GetByLabel("Public key of your organisation").TextContentAsync() ?? "").Trim());
        await ClickAsync(page, connect);
        await Expect(page.GetByText("What is here was put there.")).ToBeVisibleAsync();
        await Audit.RunAsync(window);

        await FormSteps.PasteAsync(window, machine, "services.web.port = 8091;");
        await FormSteps.SaveAsync(window, "The shop follows the proxy");
        Assert.Equal("Ann: The shop follows the proxy", await host.GitAsync("log -1 --format='%an: %s'"));

        await host.CommitAsync("By hand");
        await window.GoAsync("/configuration/repository");
        await ClickAsync(page, "Fetch now");
        await Expect(page.Locator(".figures")).ToContainTextAsync("By hand");

        await ClickAsync(page, "Disconnect");
        await ClickAsync(page, "Disconnect the repository");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Kept here" })).ToBeVisibleAsync();
        await Expect(page.Locator(".figures")).ToContainTextAsync("By hand");
        Assert.Empty(window.Complaints);
        Lab.GiveBack(machine);
    }

    private static Task ClickAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
