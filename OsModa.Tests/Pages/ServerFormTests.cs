using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Joining;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class ServerFormTests : PageRoom
{
    [Fact]
    public async Task Each_wrong_field_says_what_is_wrong_with_it()
    {
        var page = Render<AddPage>();
        await Type(page, "#name", "web 1");
        await Type(page, "#address", "-oProxyCommand=x");
        await Type(page, "#port", "99999");
        await Type(page, "#login", "root;reboot");

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        foreach (var field in new[] { "name", "address", "port", "login" })
        {
            Assert.NotEmpty(page.Find($"#{field}-error").TextContent);
            Assert.Equal("true", page.Find($"#{field}").GetAttribute("aria-invalid"));
        }
    }

    [Fact]
    public async Task A_server_that_fits_is_added_and_its_connection_begins()
    {
        var page = Render<AddPage>();
        await Type(page, "#name", "web1");
        await Type(page, "#address", "web1.example.org");
        await Type(page, "#tags", "production eu");

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        var added = Assert.Single(await Services.GetRequiredService<ServerDirectory>().ListAsync(Ann, Xunit.TestContext.Current.CancellationToken));
        Assert.Equal(["production", "eu"], added.Tags);
        Assert.EndsWith($"/servers/{added.Id}/join", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_its_settings_a_server_is_renamed_for_everybody()
    {
        var web1 = await AddServerAsync("web1");
        var page = Render<SettingsPage>(parameters => parameters.Add(p => p.Id, web1.Id.Value));
        Assert.True(page.Find("button[type=submit]").HasAttribute("disabled"));

        await Type(page, "#name", "front");
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(() => Assert.Equal("front", page.Find("h1").TextContent));
    }

    [Fact]
    public async Task Removal_asks_for_the_name()
    {
        var web1 = await AddServerAsync("web1");
        var dialog = Render<RemoveDialog>(parameters => parameters.Add(d => d.Server, OsModa.Dashboard.Live.ServerCard.Of(web1)));
        var servers = Services.GetRequiredService<ServerDirectory>();

        await dialog.InvokeAsync(() => dialog.Find("#typed").Change("web2"));
        await dialog.InvokeAsync(() => dialog.Find("form").SubmitAsync());
        Assert.Equal("This is not web1.", dialog.Find("#typed-error").TextContent);
        Assert.Single(await servers.ListAsync(Ann, Xunit.TestContext.Current.CancellationToken));

        await dialog.InvokeAsync(() => dialog.Find("#typed").Change("web1"));
        await dialog.InvokeAsync(() => dialog.Find("form").SubmitAsync());
        Assert.Empty(await servers.ListAsync(Ann, Xunit.TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_of_nobody_here_is_not_found()
    {
        await AddServerAsync("web1");
        var navigation = Services.GetRequiredService<NavigationManager>();
        var notFound = false;
        navigation.OnNotFound += (_, _) => notFound = true;

        var page = Render<SettingsPage>(parameters => parameters.Add(p => p.Id, Guid.NewGuid()));

        Assert.True(notFound);
        Assert.Empty(page.FindAll("h1"));
    }

    private static Task Type<T>(IRenderedComponent<T> page, string field, string text)
        where T : IComponent => page.InvokeAsync(() => page.Find(field).Change(text));
}
