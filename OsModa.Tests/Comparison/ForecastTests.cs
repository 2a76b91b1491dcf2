using System.Diagnostics;
using OsModa.Core.Comparison;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class ForecastTests
{
    [Fact]
    public void Looking_units_up_costs_no_more_where_there_are_very_many()
    {
        var systems = new Systems();
        foreach (var number in Enumerable.Range(10_000, 20_000))
        {
            systems.Unit($"u{number}.service", "[Service]\nA=1\n", "[Service]\nA=2\n");
        }

        var (units, fates) = new SwitchRules(new UnitFiles(systems.From, systems.To), RunningUnits.All).Apply();
        var forecast = new Forecast { Units = units, Fates = fates, Security = [], Lasting = [], FromRuns = false };
        var begun = Stopwatch.GetTimestamp();

        for (var turn = 0; turn < 5; turn++)
        {
            Assert.All(units, unit => Assert.Same(unit, forecast.ChangeOf(unit.Unit)));
        }

        // A search through all of them each time is a billion comparisons of names.
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(3));
    }
}
