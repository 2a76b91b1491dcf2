using System.Collections.Immutable;

namespace OsModa.Core.Ledger.Notes;

/// <summary>Which key a head of a log has to be signed with, by its size, for somebody who knows one or more of the log's keys.</summary>
public sealed class KeyChain
{
    private readonly ImmutableArray<VerifierKey> _known;
    private readonly ImmutableArray<KeyChange> _changes;

    private KeyChain(ImmutableArray<VerifierKey> known, ImmutableArray<KeyChange> changes, KeyChange? torn) => (_known, _changes, Torn) = (known, changes, torn);

    /// <summary>Nobody has brought a key of this log.</summary>
    public bool IsEmpty => _known.IsEmpty;

    /// <summary>The first change that does not go on from the one before; null when all do. A key that was replaced would count again if heads of such a log were believed.</summary>
    public KeyChange? Torn { get; }

    /// <param name="origin">Of the log.</param>
    /// <param name="known">Keys that are trusted; those of other logs do not matter.</param>
    /// <param name="changes">Whoever hands them over. They count when each goes on from the one before, and a key that is trusted is among theirs.</param>
    public static KeyChain Of(string origin, IEnumerable<VerifierKey> known, IEnumerable<KeyChange> changes)
    {
        var keys = known.Where(key => key.Name == origin).DistinctBy(static key => key.ToString()).ToImmutableArray();
        var ordered = changes.Where(change => change.Origin == origin).OrderBy(static change => change.At).ToImmutableArray();
        var torn = ordered.Zip(ordered.Skip(1)).FirstOrDefault(static pair => pair.First.At >= pair.Second.At || !Same(pair.First.New, pair.Second.Old)).Second;
        var isKnown = ordered.Any(change => keys.Any(key => Same(key, change.Old) || Same(key, change.New)));
        return new KeyChain(keys, torn is null && isKnown ? ordered : [], torn);
    }

    /// <summary>For a head of so many entries: with one of these.</summary>
    public ImmutableArray<VerifierKey> For(long size) =>
        _changes.IsEmpty ? _known
        : _changes.LastOrDefault(change => change.At < size) is { } last ? [last.New]
        : [_changes[0].Old];

    private static bool Same(VerifierKey one, VerifierKey other) => one.ToString() == other.ToString();
}
