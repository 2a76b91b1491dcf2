using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Observation;

/// <summary>The generations of a server: those that its profile has, and those that it had.</summary>
internal static class GenerationReducer
{
    private const int HistoryMost = 2_000;

    /// <summary>Takes the profile's list. What it does not name any more stays, as missed at <paramref name="at"/>; where it may have gone while nobody looked, with the last moment at which it was known to be there.</summary>
    public static ServerState Listed(ServerState state, ImmutableArray<Generation> listed, DateTimeOffset at)
    {
        var known = ByIdentity(state.Generations);
        var now = new Dictionary<(int, StorePath), Generation>(listed.Length);
        foreach (var generation in listed)
        {
            now[(generation.Number, generation.System)] = known.TryGetValue((generation.Number, generation.System), out var before) ? generation with { Closure = before.Closure } : generation;
        }

        // A list that is full says nothing of lower numbers than it holds.
        var lowest = listed.Length < WriterTrack.GenerationsMost ? 0 : listed.Min(static g => g.Number);
        foreach (var (identity, before) in known)
        {
            now.TryAdd(identity, before.GoneAt is null && before.Number >= lowest ? before with { GoneAt = at, SeenAt = before.SeenAt ?? state.WatchedUntil } : before);
        }

        return With(state, now.Values);
    }

    /// <summary>Takes in what was known before this program started; what the server has told since is newer.</summary>
    public static ServerState Remembered(ServerState state, ImmutableArray<Generation> remembered)
    {
        var all = ByIdentity(state.Generations);
        foreach (var generation in remembered)
        {
            all.TryAdd((generation.Number, generation.System), generation);
        }

        return With(state, all.Values);
    }

    /// <summary>The generations as they are written down: those that are there with the moment until which that is known, because the next to read them was not watching since.</summary>
    public static ImmutableArray<Generation> ForThePast(ServerState state)
    {
        var until = state.WatchedUntil ?? state.HeardAt;
        return [.. state.Generations.Select(g => g is { GoneAt: null, SeenAt: null } ? g with { SeenAt = until } : g)];
    }

    public static ServerState Measured(ServerState state, ImmutableDictionary<StorePath, ClosureSize> sizes) => With(
        state,
        state.Generations.Select(g => g.GoneAt is null && sizes.TryGetValue(g.System, out var size) && size != g.Closure ? g with { Closure = size } : g));

    // A number can come again for another system after the newest generation was deleted.
    private static Dictionary<(int Number, StorePath System), Generation> ByIdentity(ImmutableArray<Generation> generations)
    {
        var known = new Dictionary<(int, StorePath), Generation>(generations.Length);
        foreach (var generation in generations)
        {
            known[(generation.Number, generation.System)] = generation;
        }

        return known;
    }

    private static ServerState With(ServerState state, IEnumerable<Generation> generations)
    {
        var sorted = generations.OrderByDescending(static g => g.Number).ThenBy(static g => g.GoneAt is not null).ThenByDescending(static g => g.ActivatedAt).Take(HistoryMost).ToImmutableArray();
        return sorted.AsSpan().SequenceEqual(state.Generations.AsSpan(), Alike.Comparer) ? state : state with { Generations = sorted };
    }

    // Records compare arrays by identity; a list that was only read again must not look like a change.
    private sealed class Alike : IEqualityComparer<Generation>
    {
        public static Alike Comparer { get; } = new();

        public bool Equals(Generation? x, Generation? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && x.Specialisations.SequenceEqual(y.Specialisations) && (x with { Specialisations = y.Specialisations }) == y);

        public int GetHashCode(Generation obj) => obj.Number;
    }
}
