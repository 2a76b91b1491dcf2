using Bunit;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages.OneServer;

public sealed class GenerationTicksTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public void Two_ticks_lead_to_a_comparison_and_a_third_takes_the_place_of_the_first()
    {
        var page = Open();
        Assert.DoesNotContain(page.FindAll(".timeline-head a"), link => link.TextContent.StartsWith("Compare 4", StringComparison.Ordinal));

        Tick(page, 42);
        Tick(page, 40);
        Assert.Equal("Compare 40 with 42", page.WaitForElement(".timeline-head a[href$='/compare/40..42']").TextContent);

        Tick(page, 41);
        Assert.Equal("Compare 40 with 41", page.WaitForElement(".timeline-head a[href$='/compare/40..41']").TextContent);
        Assert.Equal(2, page.FindAll(".tick[checked]").Count);

        Tick(page, 40);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".timeline-head a[href*='/compare/4']")));
    }

    protected override async Task ArrangeAsync()
    {
        _web1 = await AddServerAsync("web1");
        Fleet.Update(_web1.Id, state => Running(state));
    }

    private static void Tick(IRenderedComponent<GenerationsPage> page, int generation) =>
        page.Find($".tick[aria-label='Compare generation {generation}']").Change(true);

    private IRenderedComponent<GenerationsPage> Open() => Render<GenerationsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));
}
