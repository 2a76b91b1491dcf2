using System.Globalization;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Shell;

/// <summary>Answers tool-calls.sh SINCE MOST: the calls of tools that teachd tells, where osModa runs.</summary>
internal static class ToolCallsAnswer
{
    public static DemoRun To(DemoServer server, IReadOnlyList<string> arguments)
    {
        lock (server.Gate)
        {
            return server.Chain is not { } chain ? DemoRun.Of(["none"])
                : arguments is [var since, var most] && int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? DemoRun.Of(["part", .. PackedPart.Lines(chain.Calls.Tell(since, limit))])
                : DemoRun.Of([], 2);
        }
    }
}
