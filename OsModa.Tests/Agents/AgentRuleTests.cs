using OsModa.Core.Agents;
using OsModa.Core.Observation;
using Xunit;

namespace OsModa.Tests.Agents;

public sealed class AgentRuleTests
{
    [Theory]
    [InlineData("agent-scout.service", null, "scout")]
    [InlineData("agent@scribe.service", null, "scribe")]
    [InlineData("osmoda-gateway.service", null, "gateway")]
    [InlineData("shop-helper.service", "helper", "helper")]
    [InlineData("agent-scout.service", "yes", "scout")]
    [InlineData("worker.service", "yes", "worker")]
    [InlineData("agent-forwarder.service", "no", null)]
    [InlineData("agent@.service", null, null)]
    [InlineData("agent-.service", null, null)]
    [InlineData("agent-scout.timer", null, null)]
    [InlineData("useragent-x.service", null, null)]
    [InlineData("osmoda-agentd.service", null, null)]
    [InlineData("nginx.service", " ", null)]
    public void Agents_are_known_by_mark_or_name(string unit, string? marker, string? agent) =>
        Assert.Equal(agent, AgentRule.AgentOf(UnitName.Parse(unit), marker));
}
