using System.Text;
using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Demo;

/// <summary>What the dashboard makes of what a simulated server says.</summary>
internal static class Heard
{
    /// <summary>The states after each frame, a second going by with each beat; a frame that the parser does not take fails the test.</summary>
    public static IEnumerable<ServerState> States(IEnumerable<string> lines)
    {
        var clock = new HandClock();
        var parser = new ProtocolParser(clock);
        var state = new ServerState { Server = ServerId.New() };
        foreach (var line in lines)
        {
            var told = parser.Read(Encoding.UTF8.GetBytes(line));
            Assert.True(parser.Tally is { Broken: 0, Unknown: 0 } && told is not ServerEvent.StreamTorn, line);
            if (told is ServerEvent.Beat)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            if (told is not null)
            {
                state = state.Apply(told);
                yield return state;
            }
        }
    }

    public static ServerState State(IEnumerable<string> lines) => States(lines).Last();

    public static UnitHealth? Health(ServerState state, string unit) => state.Units.GetValueOrDefault(UnitName.Parse(unit))?.Health;
}
