using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Servers;

public sealed class ServerFieldTests
{
    [Theory]
    [InlineData("web1")]
    [InlineData(" web1.example.org ")]
    [InlineData("7_Of-9")]
    public void Usual_names_are_taken(string text)
    {
        Assert.True(ServerName.TryParse(text, out var name, out _));
        Assert.Equal(text.Trim(), name.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("-web")]
    [InlineData(".web")]
    [InlineData("web 1")]
    [InlineData("web;reboot")]
    [InlineData("web\n1")]
    [InlineData("wéb")]
    [InlineData("<b>web</b>")]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789g123")]
    public void Other_names_get_a_sentence(string? text)
    {
        Assert.False(ServerName.TryParse(text, out _, out var error));
        Assert.EndsWith(".", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("22", 22)]
    [InlineData(" 65535 ", 65535)]
    [InlineData("1", 1)]
    [InlineData("", 22)]
    [InlineData(null, 22)]
    public void Ports_are_numbers_and_22_when_nothing_is_typed(string? text, int number)
    {
        Assert.True(TcpPort.TryParse(text, out var port, out _));
        Assert.Equal(number, port.Number);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("+22")]
    [InlineData("22.0")]
    [InlineData("0x16")]
    [InlineData("２２")]
    [InlineData("99999999999999999999")]
    [InlineData("ssh")]
    public void Anything_else_is_no_port(string text)
    {
        Assert.False(TcpPort.TryParse(text, out _, out var error));
        Assert.Contains("65535", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web1.example.org", "web1.example.org")]
    [InlineData(" WEB1 ", "web1")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("2001:DB8::1", "2001:db8::1")]
    [InlineData("::ffff:192.0.2.7", "::ffff:192.0.2.7")]
    public void Names_and_addresses_of_hosts_are_taken(string text, string kept)
    {
        Assert.True(HostAddress.TryParse(text, out var address, out _));
        Assert.Equal(kept, address.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("22")]
    [InlineData("1.2.3")]
    [InlineData("0x7f.1")]
    [InlineData("010.0.0.1")]
    [InlineData("256.1.1.1")]
    [InlineData("[::1]:22")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("-oProxyCommand=reboot")]
    [InlineData("web1;reboot")]
    [InlineData("web1:22")]
    [InlineData("root@web1")]
    [InlineData("ssh://web1")]
    [InlineData("wéb.example.org")]
    public void Anything_else_is_no_host(string? text)
    {
        Assert.False(HostAddress.TryParse(text, out _, out var error));
        Assert.EndsWith(".", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_are_lower_case_words_each_once_in_the_order_typed()
    {
        Assert.True(Tag.TryParseList("Production, eu-west;eu-west  agents", out var tags, out _));
        Assert.Equal(["production", "eu-west", "agents"], tags.Select(t => t.Text));
    }

    [Theory]
    [InlineData("pro_duction", "'pro_duction' is not a tag")]
    [InlineData("ok -no", "'-no' is not a tag")]
    [InlineData("a123456789b123456789c123456789d", "is not a tag")]
    [InlineData("<script>", "'<script>' is not a tag")]
    public void A_word_that_is_no_tag_is_named(string text, string part)
    {
        Assert.False(Tag.TryParseList(text, out var tags, out var error));
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.Empty(tags);
    }

    [Fact]
    public void A_server_has_twenty_tags_at_most()
    {
        Assert.True(Tag.TryParseList(string.Join(' ', Enumerable.Range(0, 20)), out _, out _));
        Assert.False(Tag.TryParseList(string.Join(' ', Enumerable.Range(0, 21)), out _, out var error));
        Assert.Contains("20 tags", error, StringComparison.Ordinal);
    }
}
