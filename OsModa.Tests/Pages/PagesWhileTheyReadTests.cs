using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Members;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages;

/// <summary>A database that takes its time: until it answers nothing is claimed of what it holds.</summary>
public sealed class PagesWhileTheyReadTests : PageRoom
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Server _web1 = null!;

    protected override bool IsDatabaseSlow => true;

    [Fact]
    public void Operations_are_not_said_to_be_none_before_they_are_read()
    {
        var page = Render<OperationsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));
        Assert.StartsWith("Reading the ", page.Find("p[role=status].sr").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll(".skeleton"));
        Assert.DoesNotContain("Nothing was done", page.Markup, StringComparison.Ordinal);

        Answer();

        page.WaitForAssertion(() => Assert.Contains("Nothing was done to web1", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".skeleton"));
    }

    [Fact]
    public void No_generation_is_offered_before_it_is_known_which_ones_are_bad()
    {
        var page = Render<GenerationsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));
        Assert.NotEmpty(page.FindAll(".skeleton"));
        Assert.Empty(page.FindAll("a[href*='?rollback=']"));

        Answer();

        page.WaitForAssertion(() => Assert.Equal(4, page.FindAll(".generation").Count));
        Assert.Equal("Roll back to 41", page.Find(".timeline-head .button-primary").TextContent);
    }

    [Fact]
    public void People_show_as_lines_until_they_are_read()
    {
        var page = Render<MembersPage>();
        Assert.Equal("Reading the people", page.Find("p[role=status].sr").TextContent);

        Answer();

        page.WaitForElement("select.role");
        Assert.Empty(page.FindAll(".skeleton"));
    }

    protected override async Task ArrangeAsync()
    {
        _web1 = await AddServerAsync("web1");
        Fleet.Update(_web1.Id, state => Running(state));
        await Services.GetRequiredService<CurrentCaller>().ReadAsync(Xunit.TestContext.Current.CancellationToken);
        await Services.GetRequiredService<ServerBook>().OfAsync(Ann, Xunit.TestContext.Current.CancellationToken);
        Late.Held = _held;
    }

    private void Answer()
    {
        Late.Held = null;
        _held.SetResult();
    }
}
