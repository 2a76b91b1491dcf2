using System.Net;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class AddressPolicyTests
{
    private readonly AddressPolicy _policy = new(new SshSettings());

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.77.3.4")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("::")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("fd00:ec2::254")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    public void Addresses_that_no_server_has_are_refused(string address) => Assert.NotNull(_policy.Refuses(IPAddress.Parse(address)));

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("8.8.8.8")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.5.5")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("2001:db8::7")]
    [InlineData("fd12:3456::1")]
    [InlineData("64:ff9b::808:808")]
    public void Public_and_private_addresses_are_allowed(string address) => Assert.Null(_policy.Refuses(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.127.0.1")]
    [InlineData("fd12:3456::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("2002:0a00:0001::")]
    public void An_operator_can_forbid_private_networks(string address) =>
        Assert.NotNull(new AddressPolicy(new SshSettings { AllowPrivate = false }).Refuses(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void An_operator_can_allow_this_machine(string address) =>
        Assert.Null(new AddressPolicy(new SshSettings { AllowLoopback = true }).Refuses(IPAddress.Parse(address)));

    [Fact]
    public void Allowing_this_machine_allows_no_metadata_service() =>
        Assert.NotNull(new AddressPolicy(new SshSettings { AllowLoopback = true }).Refuses(IPAddress.Parse("169.254.169.254")));

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<ConnectionException>(() => _policy.ResolveAsync(Host("localhost"), TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Equal(ConnectionFaultKind.Ours, refusal.Fault.Kind);
        Assert.Contains("Ssh__AllowLoopback", refusal.Fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_told_so()
    {
        // RFC 2606: never registered.
        var unknown = await Assert.ThrowsAsync<ConnectionException>(() => _policy.ResolveAsync(Host("no-such-host.invalid"), TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Equal(ConnectionFaultKind.NameUnknown, unknown.Fault.Kind);
    }

    [Fact]
    public async Task A_jump_host_is_no_way_round_the_policy()
    {
        var route = TestRoutes.Of(("192.0.2.1", "root"), ("169.254.169.254", "root"));

        await Assert.ThrowsAsync<ConnectionException>(() => _policy.ResolveAsync(route, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    private static HostAddress Host(string text) => HostAddress.TryParse(text, out var host, out var error) ? host : throw new FormatException(error);
}
