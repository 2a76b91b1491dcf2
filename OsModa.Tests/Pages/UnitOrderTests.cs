using OsModa.Core.Observation;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class UnitOrderTests
{
    private static readonly UnitState[] Units =
    [
        Unit("a.service", UnitHealth.Resting), Unit("b.service", UnitHealth.Healthy), Unit("c.timer", UnitHealth.Healthy),
        Unit("d.service", UnitHealth.CrashLoop), Unit("e.service", UnitHealth.Failed), Unit("scout.service", UnitHealth.Healthy) with { Agent = "scout" },
    ];

    [Fact]
    public void What_needs_a_look_first_then_agents_then_names_and_what_rests_last() =>
        Assert.Equal(["e", "d", "scout", "b", "c.timer", "a"], Names(new UnitFilter(null, null, "")));

    [Theory]
    [InlineData("failed", null, null, "e")]
    [InlineData(null, "timer", null, "c.timer")]
    [InlineData(null, "agent", null, "scout")]
    [InlineData(null, null, "SCO", "scout")]
    public void Each_filter_of_the_address_is_understood(string? state, string? type, string? text, string only) =>
        Assert.Equal([only], Names(UnitFilter.Parse(state, type, text)));

    [Fact]
    public void What_is_not_understood_filters_nothing() => Assert.Equal(6, Names(UnitFilter.Parse("no such", " ", " ")).Count);

    private static UnitState Unit(string name, UnitHealth health) => new() { Name = UnitName.Parse(name), Health = health };

    private static List<string> Names(UnitFilter filter) => [.. UnitOrder.Of(Units, filter).Select(unit => unit.Name.Short)];
}
