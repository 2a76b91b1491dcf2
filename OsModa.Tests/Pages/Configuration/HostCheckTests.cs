using Bunit;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Configuration.Remote;
using OsModa.Tests.Ssh;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>What an owner sees before anything is sent to the host of a repository.</summary>
public sealed class HostCheckTests : BunitContext
{
    private readonly List<bool> _connected = [];

    public HostCheckTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void What_looks_like_a_secret_is_listed_with_its_lines_and_the_owner_says_that_it_may_be_sent()
    {
        var check = Open([new FileExposed("servers/web1/configuration.nix", [2, 14]), new FileExposed("servers/web2/<b>.nix", [7])]);

        Assert.Contains("2 files here hold what looks like a secret.", check.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Contains("is sent to git.example.org", check.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.True(check.Find("details.exposed").HasAttribute("open"));
        Assert.Equal(["servers/web1/configuration.nix lines 2, 14", "servers/web2/<b>.nix line 7"], check.FindAll("details.exposed li").Select(line => line.TextContent));

        Connect(check);
        check.Find("#remote-known").Change(true);
        Connect(check);

        Assert.Equal([false, true], _connected);
    }

    [Fact]
    public void Why_it_was_not_sent_stands_at_the_tick()
    {
        var check = Open([new FileExposed("flake.nix", [1])], "Look at the files above.");

        Assert.Equal("Look at the files above.", check.Find("#remote-known-error").TextContent);
        Assert.Equal(("true", "remote-known-error"), (check.Find("#remote-known").GetAttribute("aria-invalid"), check.Find("#remote-known").GetAttribute("aria-describedby")));
    }

    [Fact]
    public void Where_there_is_none_only_the_key_is_compared()
    {
        var check = Open([]);

        Assert.Empty(check.FindAll(".notice, input"));
        Assert.Single(check.FindAll(".key-cards li"));
        Connect(check);
        Assert.Equal([false], _connected);
    }

    private static void Connect(IRenderedComponent<HostCheck> check) => check.Find(".button-primary").Click();

    private IRenderedComponent<HostCheck> Open(FileExposed[] exposed, string? error = null)
    {
        Assert.True(HostKey.TryParse("ssh-ed25519", TestRoutes.Ed25519, out var key));
        return Render<HostCheck>(parameters => parameters
            .Add(check => check.Host, new RemoteHost("git@git.example.org:shop/servers.git", "git.example.org", [key]))
            .Add(check => check.Exposed, [.. exposed])
            .Add(check => check.Error, error)
            .Add(check => check.OnConnect, EventCallback.Factory.Create<bool>(this, known => _connected.Add(known))));
    }
}
