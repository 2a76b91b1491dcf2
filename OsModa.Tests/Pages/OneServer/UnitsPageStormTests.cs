using Bunit;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages.OneServer;

public sealed class UnitsPageStormTests : PageRoom
{
    private readonly HandClock _clock = new();
    private Server _web1 = null!;

    protected override TimeProvider Clock => _clock;

    [Fact]
    public async Task The_first_change_of_a_unit_shows_at_once_and_a_storm_sixty_times_a_second()
    {
        var page = Render<UnitsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));
        page.WaitForAssertion(() => Assert.Contains("running 1", Filters(page)));

        Show(UnitHealth.Failed);
        page.WaitForAssertion(() => Assert.Contains("failed 1", Filters(page)));

        _clock.Advance(TimeSpan.FromMilliseconds(5));
        Show(UnitHealth.CrashLoop);
        await page.InvokeAsync(() => Task.CompletedTask);
        Assert.Contains("failed 1", Filters(page));

        _clock.Advance(TimeSpan.FromMilliseconds(16));
        page.WaitForAssertion(() => Assert.Contains("crash loop 1", Filters(page)));
    }

    protected override async Task ArrangeAsync()
    {
        _web1 = await AddServerAsync("web1");
        Fleet.Update(_web1.Id, state => Running(state));
    }

    private static IEnumerable<string> Filters(IRenderedComponent<UnitsPage> page) => page.FindAll(".filters a").Select(filter => filter.TextContent.Trim());

    private void Show(UnitHealth health) => Fleet.Update(_web1.Id, state => state with { Units = state.Units.SetItem(UnitName.Parse("nginx.service"), Unit("nginx.service", health)) });
}
