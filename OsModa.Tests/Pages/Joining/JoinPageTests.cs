using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Joining;
using OsModa.Tests.Servers;
using Xunit;

namespace OsModa.Tests.Pages.Joining;

/// <summary>The server's name is one that no resolver knows, so that every question to it fails at once.</summary>
public sealed class JoinPageTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public void The_lines_that_let_the_dashboard_in_hold_its_key_and_those_for_a_jump_host_allow_going_through()
    {
        var page = Open();

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".code-block pre").Count));
        var (direct, jump, line) = (page.FindAll("pre")[0].TextContent, page.FindAll("pre")[1].TextContent, page.FindAll("pre")[2].TextContent);
        Assert.Contains("users.users.root.openssh.authorizedKeys.keys", direct, StringComparison.Ordinal);
        Assert.Contains(line, direct, StringComparison.Ordinal);
        Assert.StartsWith("restrict ssh-ed25519 ", line, StringComparison.Ordinal);
        Assert.Contains("restrict,port-forwarding ssh-ed25519 ", jump, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_let_in_from_the_address_that_somebody_names_only()
    {
        var page = Open();
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".code-block pre").Count));

        await page.InvokeAsync(() => page.Find("#admit-from").Change("192.0.2.1"));
        Assert.All(page.FindAll(".code-block pre"), static lines => Assert.Contains("192.0.2.1", lines.TextContent, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.Find("#admit-from").Change("here"));
        Assert.Contains("is no IP address", page.Find("#admit-from-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_cannot_be_read_say_why_and_can_be_asked_for_again()
    {
        var page = Open();

        page.WaitForAssertion(() => Assert.Contains("The keys of web1 could not be read.", page.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.Contains("web1.invalid", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal("Try again", page.Find(".notice button").TextContent);
        page.Find(".notice button").Click();
        page.WaitForAssertion(() => Assert.Equal("Check that it is the right machine", page.Find("[data-arrive]").TextContent));
        Assert.Contains("Once its key is accepted, the login is tried here.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepted_keys_stand_with_their_person_and_a_login_that_fails_says_why()
    {
        var accepted = await Services.GetRequiredService<AcceptHostKeys>().RunAsync(Ann, _web1.Id, [SomeKeys.Number(7)], reason: null, Xunit.TestContext.Current.CancellationToken);
        Assert.True(accepted.Done);
        var page = Open();

        page.WaitForAssertion(() => Assert.Equal(SomeKeys.Number(7).Fingerprint, page.Find(".keys code").TextContent));
        Assert.Equal(2, page.FindAll(".steps .is-done").Count);
        Assert.Empty(page.FindAll("[data-arrive]"));

        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent == "Try the login now").ClickAsync());

        page.WaitForAssertion(() => Assert.Contains("The login to web1 did not work out.", page.Find(".notice").TextContent, StringComparison.Ordinal));
        // The pressed button went: who works by keyboard goes on at the heading of the step, and is told what is wrong.
        Assert.Equal("First connection", page.Find("[data-arrive]").TextContent);
        Assert.Equal("alert", page.Find(".notice").GetAttribute("role"));
    }

    [Fact]
    public void A_watched_server_is_the_end_of_it_and_leads_there()
    {
        Fleet.Update(_web1.Id, state => Running(state));

        var step = Render<FirstConnectionStep>(parameters => parameters.Add(s => s.Server, ServerCard.Of(_web1)).Add(s => s.State, Fleet[_web1.Id]).Add(s => s.Ready, true));

        Assert.Contains("1 unit, 4 generations.", step.Markup, StringComparison.Ordinal);
        Assert.Equal($"/servers/{_web1.Id}", step.Find(".button-primary").GetAttribute("href"));
    }

    [Fact]
    public async Task A_name_that_breaks_out_of_the_configuration_is_refused_where_it_is_typed()
    {
        var page = Render<AddPage>();
        await page.InvokeAsync(() => page.Find("#name").Change("web2"));
        await page.InvokeAsync(() => page.Find("#address").Change("web2.invalid"));
        await page.InvokeAsync(() => page.Find("#login").Change("a\"; users.x = ${1}"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.NotEmpty(page.Find("#login-error").TextContent);
        Assert.Single(await Services.GetRequiredService<ServerDirectory>().ListAsync(Ann, Xunit.TestContext.Current.CancellationToken));
    }

    protected override async Task ArrangeAsync()
    {
        var added = await Services.GetRequiredService<AddServer>().RunAsync(Ann, new ServerForm("web1", "web1.invalid", "22", "root"), Xunit.TestContext.Current.CancellationToken);
        _web1 = added.Value!;
        Fleet.Update(_web1.Id, static state => state);
    }

    private IRenderedComponent<JoinPage> Open() => Render<JoinPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));
}
