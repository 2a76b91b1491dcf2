using System.Collections.Immutable;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Configuration.Fleetwide;

/// <summary>Servers whose systems were built from the same NixOS.</summary>
/// <param name="Release">Label of the version, such as <c>26.05.20261124.c6dd053</c>; null: they have not said.</param>
/// <param name="Servers">By name.</param>
/// <param name="Unheard">Those of them that are not heard now: they ran it when they were heard last.</param>
public sealed record ReleaseGroup(string? Release, ImmutableArray<ServerCard> Servers, ImmutableHashSet<ServerId> Unheard)
{
    /// <summary>All servers by what they were built from, the most common release first and those that have not said last.</summary>
    public static ImmutableArray<ReleaseGroup> Of(IEnumerable<ServerCard> servers, Func<ServerId, ServerState> state) =>
    [
        .. servers.GroupBy(server => state(server.Id).Current?.Label is { Length: > 0 } label ? label : null)
            .Select(group => new ReleaseGroup(
                group.Key,
                [.. group.OrderBy(server => server.Name, StringComparer.Ordinal)],
                [.. group.Select(server => server.Id).Where(id => state(id).Reach != Reach.Live)]))
            .OrderBy(group => group.Release is null).ThenByDescending(group => group.Servers.Length).ThenBy(group => group.Release, StringComparer.Ordinal),
    ];

    public bool SameAs(ReleaseGroup other) => Release == other.Release && Servers.SequenceEqual(other.Servers) && Unheard.SetEquals(other.Unheard);
}
