using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class SafeSwitchPageHiddenTests : PageRoom
{
    private Server _web1 = null!;

    protected override bool IsDatabaseSlow => true;

    private PageVisibility Visibility => Services.GetRequiredService<PageVisibility>();

    [Fact]
    public async Task Nothing_is_read_for_a_hidden_tab_until_it_is_back()
    {
        var page = Render<SafeSwitchPage>();
        page.WaitForAssertion(() => Assert.Contains("No system is in quarantine", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => { Visibility.Hidden = true; });
        var (asked, drawn) = (Late.Asked, page.RenderCount);

        for (var i = 0; i < 20; i++)
        {
            Services.GetRequiredService<OperationRows>().Tell(_web1.Id);
        }

        await page.InvokeAsync(() => Task.CompletedTask);
        Assert.Equal(asked, Late.Asked);

        await page.InvokeAsync(() => { Visibility.Hidden = false; });
        page.WaitForAssertion(() => Assert.Equal(drawn + 1, page.RenderCount));
        Assert.True(Late.Asked > asked);
    }

    protected override async Task ArrangeAsync() => _web1 = await AddServerAsync("web1");
}
