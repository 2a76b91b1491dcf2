using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class JournalOfHiddenTabTests : PageRoom
{
    private readonly HandClock _clock = new();
    private Server _web1 = null!;

    protected override TimeProvider Clock => _clock;

    private PageVisibility Visibility => Services.GetRequiredService<PageVisibility>();

    [Fact]
    public async Task A_tab_that_stays_hidden_gives_its_place_back_and_reads_anew_when_it_is_seen()
    {
        var view = Open();
        AssertOpen(1);

        await view.InvokeAsync(() => Visibility.Hidden = true);
        _clock.Advance(TimeSpan.FromSeconds(30));
        AssertOpen(0);

        await view.InvokeAsync(() => Visibility.Hidden = false);
        AssertOpen(1);
        Assert.Equal(2, Shell.Asked.Count(asked => asked.Script == "journal.sh"));
    }

    [Fact]
    public async Task A_tab_that_is_back_soon_goes_on_where_it_was()
    {
        var view = Open();
        AssertOpen(1);

        await view.InvokeAsync(() => Visibility.Hidden = true);
        _clock.Advance(TimeSpan.FromSeconds(29));
        await view.InvokeAsync(() => Visibility.Hidden = false);
        _clock.Advance(TimeSpan.FromSeconds(29));

        Assert.Equal(1, Shell.Open);
        Assert.Single(Shell.Asked, asked => asked.Script == "journal.sh");
    }

    [Fact]
    public void A_tab_that_is_opened_hidden_takes_no_place()
    {
        Visibility.Hidden = true;

        Open();

        Assert.DoesNotContain(Shell.Asked, asked => asked.Script == "journal.sh");
    }

    protected override async Task ArrangeAsync()
    {
        Shell.Endless.Add("journal.sh");
        _web1 = await AddServerAsync("web1");
    }

    // Nothing is drawn by it.
    private void AssertOpen(int journals) => Assert.True(SpinWait.SpinUntil(() => Shell.Open == journals, TimeSpan.FromSeconds(20)), $"{Shell.Open} journals are read.");

    private IRenderedComponent<JournalView> Open() =>
        Render<JournalView>(parameters => parameters.Add(v => v.Server, _web1.Id).Add(v => v.Unit, UnitName.Parse("nginx.service")));
}
