using System.Net;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class AdmissionLinesTests
{
    private const string Public = "ssh-ed25519 AAAAC3 osmoda-1a2b3c";

    [Fact]
    public void The_key_may_do_nothing_but_run_commands() => Assert.Equal($"restrict {Public}", AdmissionLines.AuthorizedKey(Public));

    [Fact]
    public void On_a_jump_host_it_may_forward_too() => Assert.Equal($"restrict,port-forwarding {Public}", AdmissionLines.AuthorizedKey(Public, jumpHost: true));

    [Fact]
    public void It_can_be_bound_to_addresses() =>
        Assert.Equal($"restrict,from=\"192.0.2.1,2001:db8::1\" {Public}", AdmissionLines.AuthorizedKey(Public, false, IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")));

    [Theory]
    [InlineData(null, "")]
    [InlineData(" 192.0.2.1,  2001:DB8::1 ", "192.0.2.1 2001:db8::1")]
    public void Addresses_are_read_as_people_write_them(string? text, string expected)
    {
        Assert.True(AdmissionLines.TryParseFrom(text, out var from, out _));
        Assert.Equal(expected, string.Join(' ', from));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("192.0.2.1 web1.example.org")]
    [InlineData("192.0.2.1\" ssh-ed25519")]
    [InlineData("fe80::1%eth0")]
    public void What_is_no_address_is_told_and_binds_the_key_to_nothing(string text)
    {
        Assert.False(AdmissionLines.TryParseFrom(text, out var from, out var error));
        Assert.Contains("is no IP address", error, StringComparison.Ordinal);
        Assert.Empty(from);
    }

    [Fact]
    public void Root_needs_one_line() =>
        Assert.Equal($"users.users.root.openssh.authorizedKeys.keys = [\n  \"restrict {Public}\"\n];", AdmissionLines.Nixos(LoginName.Root, AdmissionLines.AuthorizedKey(Public)));

    [Fact]
    public void Another_login_is_made_and_gets_sudo()
    {
        Assert.True(LoginName.TryParse("deploy", out var deploy, out _));

        var lines = AdmissionLines.Nixos(deploy, AdmissionLines.AuthorizedKey(Public, false, IPAddress.Loopback));

        Assert.Contains("users.users.\"deploy\" = {", lines, StringComparison.Ordinal);
        Assert.Contains("restrict,from=\\\"127.0.0.1\\\" ssh-ed25519", lines, StringComparison.Ordinal);
        Assert.Contains("NOPASSWD", lines, StringComparison.Ordinal);
    }
}
