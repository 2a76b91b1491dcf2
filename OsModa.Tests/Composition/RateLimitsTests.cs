using System.Net;
using OsModa.Dashboard.Composition;
using Xunit;

namespace OsModa.Tests.Composition;

public sealed class RateLimitsTests
{
    [Theory]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8:0:1::7", "2001:db8:0:1:ffff::8", true)]
    [InlineData("2001:db8:0:1::7", "2001:db8:0:2::7", false)]
    public void Guesses_are_counted_for_whoever_has_the_addresses(string one, string other, bool same) =>
        Assert.Equal(same, RateLimits.Network(IPAddress.Parse(one)) == RateLimits.Network(IPAddress.Parse(other)));
}
