using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Configuration.Fleetwide;

/// <summary>Servers that run the very same system: one store path, so one closure, bit for bit.</summary>
/// <param name="System">What they run; null: they have not said.</param>
/// <param name="Servers">By name.</param>
/// <param name="Unheard">Those of them that are not heard now: they ran it when they were heard last.</param>
public sealed record SystemGroup(StorePath? System, ImmutableArray<ServerCard> Servers, ImmutableHashSet<ServerId> Unheard)
{
    /// <summary>All servers by what they run, the most common system first and those that have not said last.</summary>
    public static ImmutableArray<SystemGroup> Of(IEnumerable<ServerCard> servers, Func<ServerId, ServerState> state) =>
    [
        .. servers.GroupBy(server => state(server.Id).Pins?.Current)
            .Select(group => new SystemGroup(
                group.Key,
                [.. group.OrderBy(server => server.Name, StringComparer.Ordinal)],
                [.. group.Select(server => server.Id).Where(id => group.Key is not null && state(id).Reach != Reach.Live)]))
            .OrderBy(group => group.System is null).ThenByDescending(group => group.Servers.Length).ThenBy(group => group.System?.Text, StringComparer.Ordinal),
    ];

    public bool SameAs(SystemGroup other) => System == other.System && Servers.SequenceEqual(other.Servers) && Unheard.SetEquals(other.Unheard);
}
