using OsModa.E2E.Running;
using Xunit;

namespace OsModa.E2E.Trouble;

/// <summary>The line changes while a page loads, as when somebody takes a laptop from one network to another.</summary>
public sealed class LostScriptTests(Browser browser, Demo demo)
{
    private const string Script = "**/_framework/blazor.web*.js*";

    [Fact]
    public async Task A_page_that_came_without_its_script_loads_itself_again_and_works()
    {
        await using var window = await demo.OpenAsync(browser, Demo.Viewer);
        var asked = 0;
        await window.Page.RouteAsync(Script, route => Interlocked.Increment(ref asked) == 1 ? route.AbortAsync() : route.ContinueAsync());

        await window.LoadAsync("/");
        await window.InteractiveAsync();

        Assert.Equal(2, asked);
        // The one that was cut off, and no mistake of what came.
        Assert.All(window.Complaints, complaint => Assert.Contains("net::ERR_FAILED", complaint, StringComparison.Ordinal));
    }
}
