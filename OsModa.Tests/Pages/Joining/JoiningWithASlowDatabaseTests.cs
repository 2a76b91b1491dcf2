using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Joining;
using OsModa.Tests.Servers;
using Xunit;

namespace OsModa.Tests.Pages.Joining;

/// <summary>Who looks and which servers there are is known already: the pages are drawn first while they read the server's own row.</summary>
public sealed class JoiningWithASlowDatabaseTests : PageRoom
{
    private Server _web1 = null!;

    protected override bool IsDatabaseSlow => true;

    [Fact]
    public void The_steps_of_joining_show_once_the_row_is_read_and_the_keys_are_asked_for()
    {
        var page = Render<JoinPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

        page.WaitForAssertion(() => Assert.Contains("The keys of web1 could not be read.", page.Markup, StringComparison.Ordinal));
        Assert.Equal(3, page.FindAll(".steps > li").Count);
    }

    [Fact]
    public async Task The_keys_that_are_shown_now_are_read_once_the_accepted_ones_are_known()
    {
        var accepted = await Services.GetRequiredService<AcceptHostKeys>().RunAsync(Ann, _web1.Id, [SomeKeys.Number(1)], reason: null, Xunit.TestContext.Current.CancellationToken);
        Assert.True(accepted.Done);
        await KnowAsync();

        var page = Render<HostKeyPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

        page.WaitForAssertion(() => Assert.Contains("Its keys could not be read.", page.Markup, StringComparison.Ordinal));
        Assert.Equal(SomeKeys.Number(1).Fingerprint, page.Find(".keys code").TextContent);
    }

    protected override async Task ArrangeAsync()
    {
        var added = await Services.GetRequiredService<AddServer>().RunAsync(Ann, new ServerForm("web1", "web1.invalid", "22", "root"), Xunit.TestContext.Current.CancellationToken);
        _web1 = added.Value!;
        Fleet.Update(_web1.Id, static state => state);
        await KnowAsync();
    }

    private async Task KnowAsync()
    {
        await Services.GetRequiredService<CurrentCaller>().ReadAsync(Xunit.TestContext.Current.CancellationToken);
        await Services.GetRequiredService<ServerBook>().OfAsync(Ann, Xunit.TestContext.Current.CancellationToken);
    }
}
