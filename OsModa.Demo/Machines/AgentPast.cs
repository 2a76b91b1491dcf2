using System.Collections.Immutable;

namespace OsModa.Demo.Machines;

/// <summary>What agentd had written into its chain before the start.</summary>
internal static class AgentPast
{
    private const long Second = 1_000_000, Hour = 3_600 * Second;
    private const int LeastDeeds = 240, MoreDeeds = 120;

    // The nearer, the denser: some days in some hundreds of events, and enough of them in the last hour.
    private const int Thinning = 60;

    /// <param name="server">Whose chain it is.</param>
    /// <param name="agents">Whose deeds it tells.</param>
    /// <param name="random">Of the chain.</param>
    /// <returns>Oldest first, with times in the agenda's microseconds.</returns>
    public static IEnumerable<(long At, AgentDeed Deed)> Of(DemoServer server, ImmutableArray<string> agents, Random random)
    {
        var deeds = new List<(long At, AgentDeed Deed)>();
        var at = -5 * Second;
        for (var count = LeastDeeds + (server.Seed % MoreDeeds); count > 0; count--)
        {
            deeds.Add((at, AgentDeed.Next(random, agents)));
            at -= (long)((0.5 + random.NextDouble()) * ((30 * Second) - (at / Thinning)));
        }

        deeds.Add((at, AgentDeed.Begun));
        deeds.AddRange(Switches(server, at));
        return deeds.OrderBy(static deed => deed.At);
    }

    private static IEnumerable<(long At, AgentDeed Deed)> Switches(DemoServer server, long since)
    {
        foreach (var generation in server.Profile.Generations.Where(generation => generation.SetAt > since && generation.SetAt < 0))
        {
            yield return (generation.SetAt + Second, AgentDeed.Switched("nixos-upgrade.service", generation.System.Path.Text));
        }

        if (server.Profile.Current != server.Profile.Linked.System)
        {
            yield return (-3 * Hour, AgentDeed.Switched("noor.haddad", server.Profile.Current.Path.Text, "test"));
        }
    }
}
