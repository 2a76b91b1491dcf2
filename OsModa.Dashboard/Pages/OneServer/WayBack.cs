using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>What most people mean by "back", and what is offered first.</summary>
/// <param name="To">Older than what runs, and another system.</param>
/// <param name="KnownGood">It ran without trouble after its switch was verified.</param>
public sealed record WayBack(Generation To, bool KnownGood)
{
    /// <summary>As a button says it.</summary>
    public string Words => $"Roll back to {To.Number}{(KnownGood ? ", known good" : null)}";

    /// <summary>The last older system that is known to be good; else the next older one that is not marked bad; null when there is neither.</summary>
    /// <param name="state">Of the server.</param>
    /// <param name="marks">What speaks against systems, by store path.</param>
    /// <param name="knownGood">Since when systems count as known-good, by store path.</param>
    public static WayBack? Of(ServerState state, ImmutableDictionary<string, GenerationMark> marks, ImmutableDictionary<string, DateTimeOffset> knownGood)
    {
        if (state.Current is not { } current)
        {
            return null;
        }

        var older = state.Generations.Where(g => g.GoneAt is null && g.Number < current.Number && g.System != current.System && !marks.ContainsKey(g.System.Text)).ToList();
        return older.Find(g => knownGood.ContainsKey(g.System.Text)) is { } good ? new WayBack(good, KnownGood: true)
            : older is [var next, ..] ? new WayBack(next, KnownGood: false)
            : null;
    }
}
