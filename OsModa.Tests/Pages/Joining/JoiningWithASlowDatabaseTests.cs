using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Joining;
using OsModa.Dashboard.Pages.OneServer;
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

    [Fact]
    public async Task Two_clicks_add_one_server_and_no_complaint_about_its_name()
    {
        var page = Render<AddPage>();
        page.WaitForElement("#name");
        await page.InvokeAsync(() => page.Find("#name").Change("web2"));
        await page.InvokeAsync(() => page.Find("#address").Change("web2.invalid"));
        var held = Late.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var (first, second) = (page.InvokeAsync(() => page.Find("form").SubmitAsync()), page.InvokeAsync(() => page.Find("form").SubmitAsync()));
        Late.Held = null;
        held.SetResult();
        await Task.WhenAll(first, second);

        page.WaitForAssertion(() => Assert.EndsWith("/join", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Equal(["web1", "web2"], (await Services.GetRequiredService<ServerDirectory>().ListAsync(Ann, Xunit.TestContext.Current.CancellationToken)).Select(server => server.Name));
        Assert.Empty(page.FindAll(".error, .notice"));
    }

    [Fact]
    public async Task Two_clicks_save_settings_once()
    {
        var page = Render<SettingsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));
        page.WaitForElement("#name");
        await page.InvokeAsync(() => page.Find("#name").Change("web9"));
        var held = Late.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var (first, second) = (page.InvokeAsync(() => page.Find("form").SubmitAsync()), page.InvokeAsync(() => page.Find("form").SubmitAsync()));
        Late.Held = null;
        held.SetResult();
        await Task.WhenAll(first, second);

        page.WaitForAssertion(() => Assert.Contains("saved", page.Find("[role=status].hint").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".form .error, .form .notice"));
        Assert.Single(Services.GetRequiredService<LedgerQueries>().Page(Ann.OrganisationId, LedgerFilter.Everything).Lines, static line => line is { Type: "server.change", Kind: RecordKind.Intent });
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
