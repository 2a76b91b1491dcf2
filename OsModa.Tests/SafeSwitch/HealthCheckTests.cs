using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.SafeSwitch;

public sealed class HealthCheckTests
{
    [Theory]
    [InlineData("web\tunit\tnginx.service")]
    [InlineData("port\ttcp\tlocalhost\t8080")]
    [InlineData("http\thttp\thttp://127.0.0.1:8080/health\t200\t=\t500")]
    [InlineData("http-body\thttp\thttps://shop.example/a?b=c\t204\t=\"status\": \"ok\"\t10000")]
    [InlineData("cmd\tcommand\ttest -e /run/agents/scout.sock && echo 'yes'")]
    [InlineData("agentd\tdaemon\t/run/osmoda/agentd.sock")]
    public void A_check_is_written_as_it_is_read(string text)
    {
        Assert.True(HealthCheckText.TryParse(text, out var check, out _));
        Assert.Equal(text, check.Text);
    }

    [Theory]
    [InlineData("", "A check has")]
    [InlineData("a b\tunit\tnginx.service", "The name of a check")]
    [InlineData("a\tparty\tx", "A check is of")]
    [InlineData("a\tunit\t--now", "not the name of a systemd unit")]
    [InlineData("a\ttcp\t-oProxyCommand=x\t80", "Not a host name")]
    [InlineData("a\ttcp\tweb\t70000", "A port is")]
    [InlineData("a\thttp\tfile:///etc/passwd\t200\t=\t500", "A URL to check")]
    [InlineData("a\thttp\thttp://ann:secret@web/\t200\t=\t500", "A URL to check")]
    [InlineData("a\thttp\thttp://web/\t700\t=\t500", "A status of HTTP")]
    [InlineData("a\thttp\thttp://web/\t200\t=\t0", "The time for an answer")]
    [InlineData("a\thttp\thttp://web/\t200\tbody\t500", "A check is of")]
    [InlineData("a\tcommand\t ", "A command to check with")]
    [InlineData("a\tcommand\ttrue\nfalse", "A command to check with")]
    [InlineData("a\tdaemon\tagentd.sock", "A socket is")]
    public void What_is_no_check_says_what_it_should_be(string text, string said)
    {
        Assert.False(HealthCheckText.TryParse(text, out _, out var error));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_is_read_as_a_check_can_add_a_line_or_a_field_to_an_order()
    {
        var words = Gen.Elements("a", "unit", "tcp", "http", "command", "daemon", "\t", "\n", "\r", "\u0000", "nginx.service", "/run/x", "200", "=", "http://w/", "\u2028", "500", " ");
        Prop.ForAll(words.ListOf().Select(string.Concat).ToArbitrary(), text =>
            !HealthCheckText.TryParse(text, out var check, out _) || (!check.Text.Contains('\n', StringComparison.Ordinal) && HealthCheckText.TryParse(check.Text, out var again, out _) && again == check)).QuickCheckThrowOnFailure();
    }
}
