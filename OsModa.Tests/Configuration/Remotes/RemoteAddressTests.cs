using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration.Remotes;

public sealed class RemoteAddressTests
{
    [Theory]
    [InlineData("git@git.example.org:shop/servers.git", "git", "git.example.org", 22, "shop/servers.git")]
    [InlineData("  git@Git.Example.org:~ann/servers ", "git", "git.example.org", 22, "~ann/servers")]
    [InlineData("git@[2001:db8::1]:servers.git", "git", "2001:db8::1", 22, "servers.git")]
    [InlineData("git@192.0.2.7:/srv/git/servers.git", "git", "192.0.2.7", 22, "/srv/git/servers.git")]
    [InlineData("ssh://git@git.example.org/shop/servers.git", "git", "git.example.org", 22, "/shop/servers.git")]
    [InlineData("ssh://git@git.example.org:2222/shop/servers.git", "git", "git.example.org", 2222, "/shop/servers.git")]
    [InlineData("ssh://git@git.example.org:2222/~ann/servers.git", "git", "git.example.org", 2222, "~ann/servers.git")]
    [InlineData("ssh://APKAEXAMPLE@[2001:db8::1]:443/v1/repos/a+b", "APKAEXAMPLE", "2001:db8::1", 443, "/v1/repos/a+b")]
    public void Both_forms_are_read_part_by_part_and_say_the_same_when_written(string text, string login, string host, int port, string path)
    {
        Assert.True(RemoteAddress.TryParse(text, out var address, out var error), error);
        Assert.Equal((login, host, port, path), (address.Login.Text, address.Host.Text, address.Port.Number, address.Path));

        Assert.True(RemoteAddress.TryParse(address.ToString(), out var again, out error), error);
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData(null, "Name the repository")]
    [InlineData("   ", "Name the repository")]
    [InlineData("https://github.com/shop/servers.git", "Only SSH is spoken, because")]
    [InlineData("HTTP://git.example.org/servers.git", "Only SSH is spoken, because")]
    [InlineData("git://git.example.org/servers.git", "Only SSH is spoken")]
    [InlineData("file:///etc/passwd", "a folder on some disk")]
    [InlineData("/srv/git/servers.git", "a folder on some disk")]
    [InlineData("../other.git", "a folder on some disk")]
    [InlineData("~/servers.git", "a folder on some disk")]
    [InlineData("ext::sh -c touch% /tmp/x", "no spaces")]
    [InlineData("ext::sh", "no other transport")]
    [InlineData("fd::17/x", "no other transport")]
    [InlineData("-oProxyCommand=touch@x:y", "not with a dash")]
    [InlineData("--upload-pack=touch@host:path", "not with a dash")]
    [InlineData("ssh://-oProxyCommand=touch/x", "Say who logs in")]
    [InlineData("ssh://git@-oProxyCommand=touch/x", "Not a host name")]
    [InlineData("ssh://-git@host/x", "Not a user name")]
    [InlineData("git@host:-x", "path")]
    [InlineData("git@host:a/-x", "begins with a dash")]
    [InlineData("git@host:a/../../b", "'..'")]
    [InlineData("git@host:", "which repository")]
    [InlineData("ssh://git@host", "which repository")]
    [InlineData("ssh://git@host///", "which repository")]
    [InlineData("git@host", "which repository")]
    [InlineData("host:servers.git", "who logs in")]
    [InlineData("servers.git", "who logs in")]
    [InlineData("ssh://git:secret@host/servers.git", "password")]
    [InlineData("ssh://git@host:0/servers.git", "port")]
    [InlineData("ssh://git@host:99999/servers.git", "port")]
    [InlineData("ssh://git@host:22x/servers.git", "port")]
    [InlineData("git@ho st:servers.git", "no spaces")]
    [InlineData("git@host:a b.git", "no spaces")]
    [InlineData("git@host:a\nb.git", "no spaces")]
    [InlineData("git@host:a\u001b[31mb", "no spaces")]
    [InlineData("git@host:servers\u202e.git", "plain letters")]
    [InlineData("git@host:se\0rvers.git", "no spaces")]
    [InlineData("git@host:a'b", "path")]
    [InlineData("git@host:a\"b", "path")]
    [InlineData("git@host:$(touch)", "path")]
    [InlineData("git@host:`id`", "path")]
    [InlineData("git@host:a;b", "path")]
    [InlineData("git@host:a%2e%2e/b", "path")]
    [InlineData("git@host:a:b", "path")]
    [InlineData("git@host%lo:x", "Not a host name")]
    [InlineData("g it@host:x", "no spaces")]
    [InlineData("git@@host:x", "Not a host name")]
    [InlineData("ssh://git@[::1/x", "Not a host name")]
    public void What_is_no_such_address_is_told_by_what_is_wrong(string? text, string says)
    {
        Assert.False(RemoteAddress.TryParse(text, out _, out var error));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_address_is_refused_at_once()
    {
        Assert.False(RemoteAddress.TryParse("git@host:" + new string('a', 1_000_000), out _, out var error));
        Assert.Equal("An address has 500 characters at most.", error);
    }

    [Theory]
    [InlineData(null, "main")]
    [InlineData(" ", "main")]
    [InlineData("osmoda/servers", "osmoda/servers")]
    [InlineData("release-24.05", "release-24.05")]
    public void A_branch_is_main_or_what_somebody_names(string? text, string name)
    {
        Assert.True(BranchName.TryParse(text, out var branch, out var error), error);
        Assert.Equal(name, branch.Text);
    }

    [Theory]
    [InlineData("-f")]
    [InlineData("a..b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a.lock")]
    [InlineData("a/.b")]
    [InlineData("a/-b")]
    [InlineData("a.")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("a~1")]
    [InlineData("a^")]
    [InlineData("a*")]
    [InlineData("a@{1}")]
    [InlineData("HEAD")]
    [InlineData("a\nb")]
    [InlineData("+a")]
    public void A_branch_that_git_or_a_program_would_read_otherwise_is_refused(string text) => Assert.False(BranchName.TryParse(text, out _, out _));
}
