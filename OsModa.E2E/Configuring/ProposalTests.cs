using Microsoft.Playwright;
using OsModa.E2E.Looks;
using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E.Configuring;

/// <summary>A change that a second person has to stand for.</summary>
[Collection(Configuring)]
public sealed class ProposalTests(Browser browser, Lab lab, Pictures pictures) : LabTests(browser, lab)
{
    private static readonly Somebody Cleo = new("Cleo", "cleo@example.org", "nine bright kites in march");

    [Fact]
    public async Task It_is_discussed_approved_by_another_person_and_saved_and_both_see_each_step_as_it_happens()
    {
        var machine = await TakeAsync();
        var (ann, cleo) = (await OpenAsync(), await KeepAsync(Lab.OpenForNobodyAsync(Browser)));
        await ann.GoAsync("/people");
        await Cleo.JoinAsync(cleo, await Somebody.InviteAsync(ann, Cleo.Email, "Operator"));
        await FormSteps.ReadInAsync(ann, machine);

        await FormSteps.PasteAsync(ann, machine, "services.web.port = 8090; users.motd = \"The shop moves\\n\";");
        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "Propose…" }).ClickAsync();
        await ann.Page.GetByLabel("What it does").FillAsync("The shop moves");
        await ann.Page.GetByLabel("Why", new() { Exact = false }).First.FillAsync("8080 is taken by the new proxy.");
        await ann.Page.GetByLabel("Somebody else has to approve it first").CheckAsync();
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Propose it" }).ClickAsync();
        await Expect(ann.Page.Locator("#sheet-title")).ToHaveTextAsync("The shop moves");
        await Expect(ann.Page.GetByRole(AriaRole.Button, new() { Name = "Save and check" })).ToBeDisabledAsync();
        await Audit.RunAsync(ann);

        // Cleo finds it where proposals wait, asks, and sees the answer without doing anything.
        await cleo.GoAsync("/configuration");
        await cleo.Page.GetByRole(AriaRole.Link, new() { Name = "The shop moves" }).ClickAsync();
        await Expect(cleo.Page.Locator("dialog .change-list")).ToContainTextAsync("services.web.port");
        await SayAsync(cleo, "Does the firewall know?");
        await Expect(ann.Page.Locator(".comments li")).ToContainTextAsync("Does the firewall know?");
        await SayAsync(ann, "It opens what the shop listens at.");
        await Expect(cleo.Page.Locator(".comments li").Last).ToContainTextAsync("It opens what the shop listens at.");
        await Audit.RunAsync(cleo);
        await pictures.ShootAsync(cleo, "proposal", narrow: false);

        // What becomes of the system is built and told before anybody stands for it.
        await Expect(cleo.Page.Locator(".proposed-system")).ToContainTextAsync("See all that changes", new() { Timeout = 90_000 });
        await Expect(cleo.Page.Locator(".proposed-system")).ToContainTextAsync("SSH and network are not touched.");
        await cleo.Page.GetByRole(AriaRole.Button, new() { Name = "Approve it" }).ClickAsync();
        await Expect(ann.Page.GetByText("approved by Cleo")).ToBeVisibleAsync();

        // Changed after that, it is another version, and nobody stands for it any more.
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Change it" }).ClickAsync();
        await Expect(ann.Page.Locator(".editing-proposal")).ToContainTextAsync("Proposing makes version 2 of it.");
        await FormSteps.PasteHereAsync(ann, "services.web.port = 8091;");
        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "Propose…" }).ClickAsync();
        await Expect(ann.Page.GetByText("The approval of Cleo is withdrawn")).ToBeVisibleAsync();
        await Expect(ann.Page.GetByLabel("What it does")).ToHaveValueAsync("The shop moves");
        await Audit.RunAsync(ann);
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Propose it" }).ClickAsync();
        await Expect(cleo.Page.Locator(".comments li").Last).ToContainTextAsync("The approval of Cleo was of version 1 and is withdrawn.");
        await Expect(cleo.Page.Locator("dialog .change-list")).ToContainTextAsync("8091");
        await cleo.Page.GetByRole(AriaRole.Button, new() { Name = "Approve it" }).ClickAsync();
        await Expect(ann.Page.GetByText("approved by Cleo")).ToBeVisibleAsync();
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Save and check" }).ClickAsync();
        await Expect(ann.Page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", new() { Timeout = 90_000 });
        await Expect(cleo.Page.Locator("dialog .state").First).ToHaveTextAsync("saved");
        await ann.GoAsync($"{machine.Address}/configuration?show=history");
        await Expect(ann.Page.Locator(".history-list").First).ToContainTextAsync("The shop moves");
        await Expect(ann.Page.Locator(".history-list").First).ToContainTextAsync("Ann");
        await Expect(ann.Page.GetByRole(AriaRole.Heading, new() { Name = "Proposals that wait" })).ToHaveCountAsync(0);

        // The history leads to what the commit changed, and back again.
        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "The shop moves" }).First.ClickAsync();
        await Expect(ann.Page.Locator(".saved-change .change-list")).ToContainTextAsync("services.web.port");
        await Audit.RunAsync(ann);
        await pictures.ShootAsync(ann, "commit", narrow: false);
        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "Take it back…" }).ClickAsync();
        await Expect(ann.Page.Locator("dialog .change-list")).ToContainTextAsync("8091");
        await ann.Page.GetByLabel("Why", new() { Exact = false }).First.FillAsync("The proxy is gone.");
        await Audit.RunAsync(ann);
        await ann.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Expect(ann.Page.Locator("#sheet-title")).ToHaveTextAsync("The checks have passed", new() { Timeout = 90_000 });
        Assert.Empty(ann.Complaints.Concat(cleo.Complaints));
        Lab.GiveBack(machine);
    }

    private static async Task SayAsync(Window window, string text)
    {
        await window.Page.GetByLabel("Your comment").FillAsync(text);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Say it" }).ClickAsync();
        await Expect(window.Page.GetByLabel("Your comment")).ToHaveValueAsync("");
    }
}
