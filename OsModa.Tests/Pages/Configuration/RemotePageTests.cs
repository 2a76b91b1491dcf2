using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Configuration.Fleetwide;
using OsModa.Dashboard.Pages.Configuration.Remote;
using OsModa.Tests.Ssh;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

public sealed class RemotePageTests : PageRoom
{
    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public void Kept_here_alone_an_owner_gets_the_key_and_the_form()
    {
        var page = Open();

        page.WaitForAssertion(() => Assert.StartsWith("ssh-ed25519 ", page.Find(".code-block pre").TextContent, StringComparison.Ordinal));
        Assert.Contains("no other repository is connected", page.Markup, StringComparison.Ordinal);
        Assert.Contains("with write access", page.Markup, StringComparison.Ordinal);
        Assert.Equal("main", page.Find("#remote-branch").GetAttribute("placeholder"));
    }

    [Fact]
    public void What_is_no_address_is_told_at_its_field_and_no_host_is_asked()
    {
        var page = Open();
        page.WaitForElement("#remote-address").Change("https://git.example.org/servers.git");
        page.Find("#remote-branch").Change("-f");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Contains("Only SSH is spoken", page.Find("#remote-address-error").TextContent, StringComparison.Ordinal));
        Assert.Contains("Not a branch", page.Find("#remote-branch-error").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", page.Find("#remote-address").GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task Connected_it_says_where_since_when_and_when_it_was_last_heard()
    {
        await ConnectedAsync(heard: TimeProvider.System.GetUtcNow());
        var page = Open();

        page.WaitForAssertion(() => Assert.Equal("connected", page.Find(".figures .state").TextContent.Trim()));
        Assert.Contains("git@git.example.org:shop/servers.git", page.Find(".figures").TextContent, StringComparison.Ordinal);
        Assert.Contains("by Ada", page.Find(".figures").TextContent, StringComparison.Ordinal);
        Assert.Contains(page.FindAll(".figures time"), time => time.GetAttribute("data-as") == "ago");
        Assert.Contains(page.FindAll("button"), button => button.TextContent == "Fetch now");
        Assert.Empty(page.FindAll("#remote-address"));
    }

    [Fact]
    public async Task One_that_does_not_answer_is_stale_with_why_and_the_page_of_all_servers_says_it_too()
    {
        await ConnectedAsync(heard: TimeProvider.System.GetUtcNow(), fault: "There is no way to git.example.org.");
        var page = Open();

        page.WaitForAssertion(() => Assert.Equal("does not answer", page.Find(".figures .state").TextContent.Trim()));
        Assert.Contains("There is no way to git.example.org.", page.Find(".notice.warning").TextContent, StringComparison.Ordinal);
        Assert.Contains("nothing can be saved", page.Find(".notice.warning").TextContent, StringComparison.Ordinal);

        var all = Render<FleetConfigurationPage>();
        all.WaitForAssertion(() => Assert.Contains("does not answer", all.Markup, StringComparison.Ordinal));
        Assert.Equal("/configuration/repository", all.Find("a[href='/configuration/repository']").GetAttribute("href"));
    }

    [Fact]
    public async Task Another_host_key_offers_the_two_ways_out_and_no_other_act()
    {
        await ConnectedAsync(alarm: true, fault: "git.example.org now shows the host key SHA256:other.");
        var page = Open();

        page.WaitForAssertion(() => Assert.Contains("shows another key", page.Find(".notice.failed").TextContent, StringComparison.Ordinal));
        Assert.Contains("SHA256:other", page.Find(".notice.failed").TextContent, StringComparison.Ordinal);
        Assert.Contains(page.FindAll("button"), button => button.TextContent == "Read the key it shows now");
    }

    [Fact]
    public async Task A_rewritten_history_is_told_until_somebody_has_seen_it()
    {
        await ConnectedAsync(heard: TimeProvider.System.GetUtcNow(), rewritten: true);
        var page = Open();
        page.WaitForAssertion(() => Assert.Contains("Its history was rewritten.", page.Find(".notice.warning").TextContent, StringComparison.Ordinal));

        page.FindAll("button").First(button => button.TextContent == "I have seen it").Click();

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".notice.warning")));
    }

    [Fact]
    public async Task Disconnecting_is_asked_once_more_and_says_what_stays()
    {
        await ConnectedAsync(heard: TimeProvider.System.GetUtcNow());
        var page = Open();
        page.WaitForAssertion(() => Assert.Contains(page.FindAll("button"), button => button.TextContent == "Disconnect"));

        page.FindAll("button").First(button => button.TextContent == "Disconnect").Click();
        Assert.Contains("stays as it is", page.WaitForElement("[aria-label=Disconnect]").TextContent, StringComparison.Ordinal);
        page.FindAll("button").First(button => button.TextContent == "Disconnect the repository").Click();

        page.WaitForAssertion(() => Assert.Contains("no other repository is connected", page.Markup, StringComparison.Ordinal));
        Assert.Null(await Services.GetRequiredService<Remotes>().FindAsync(Ann, Stop));
    }

    // With the key, which is made when it is first asked for: nothing is under way when the room is cleared.
    private IRenderedComponent<RemotePage> Open()
    {
        var page = Render<RemotePage>();
        page.WaitForElement(".code-block pre");
        return page;
    }

    private async Task ConnectedAsync(DateTimeOffset? heard = null, string? fault = null, bool alarm = false, bool rewritten = false)
    {
        var context = Database.OpenFor(Ann);
        await using (context)
        {
            context.ConfigurationRemotes.Add(new ConfigurationRemote
            {
                OrganisationId = Ann.OrganisationId,
                HostId = ServerId.New(),
                Address = "git@git.example.org:shop/servers.git",
                Branch = "main",
                ConnectedAt = DateTimeOffset.UnixEpoch,
                ConnectedBy = "Ada",
                HostKeys = [new PinnedHostKey { Type = "ssh-ed25519", Key = TestRoutes.Ed25519, Fingerprint = "SHA256:accepted", AcceptedAt = DateTimeOffset.UnixEpoch, AcceptedBy = "Ada" }],
                HostKeyAlarm = alarm ? new HostKeyAlarm { SeenAt = DateTimeOffset.UnixEpoch, Shown = ["SHA256:other"] } : null,
                HeardAt = heard,
                Fault = fault,
                FaultSince = fault is null ? null : DateTimeOffset.UnixEpoch,
                RewrittenAt = rewritten ? DateTimeOffset.UnixEpoch : null,
                RewrittenFrom = rewritten ? new string('a', 40) : null,
                RewrittenTo = rewritten ? new string('b', 40) : null,
            });
            await context.SaveChangesAsync(Stop);
        }
    }
}
