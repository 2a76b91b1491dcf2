using OsModa.Core.Observation;

namespace OsModa.Core.Agents;

/// <summary>
/// Which units are AI agents. Three ways, the first that fits:
/// the unit's file says so (<c>X-OsModa-Agent=NAME</c> in its section [Unit]; on NixOS <c>systemd.services.NAME.unitConfig.X-OsModa-Agent = "NAME"</c>;
/// <c>no</c> says that it is none); it is called <c>agent-NAME.service</c> or <c>agent@NAME.service</c>; it is <c>osmoda-gateway.service</c>, the runtime in which osModa's agents
/// live, all in one process, and which is counted as the agent <c>gateway</c>.
/// </summary>
public static class AgentRule
{
    private const string Service = ".service";

    /// <summary>The agent that a unit is, such as <c>scout</c>; null when it is none.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="marker">Value of <c>X-OsModa-Agent=</c>; null where the unit's file has none.</param>
    public static string? AgentOf(UnitName unit, string? marker)
    {
        if (!unit.Text.EndsWith(Service, StringComparison.Ordinal))
        {
            return null;
        }

        if (marker?.Trim() is { Length: > 0 } mark)
        {
            return mark is "no" ? null : mark is "yes" ? Named(unit.Short) ?? unit.Short : mark;
        }

        return unit.Short == "osmoda-gateway" ? "gateway" : Named(unit.Short);
    }

    // A template without an instance, "agent@.service", is no agent.
    private static string? Named(string name) =>
        name.StartsWith("agent-", StringComparison.Ordinal) || name.StartsWith("agent@", StringComparison.Ordinal)
            ? name[6..] is { Length: > 0 } rest ? rest : null
            : null;
}
