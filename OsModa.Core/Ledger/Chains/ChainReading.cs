using System.Collections.Immutable;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Chains;

/// <summary>A row of a server's chain with the hash that stands beside it there.</summary>
public sealed record ChainRow(UpstreamEvent Event, TreeHash Hash)
{
    /// <summary>Of our copy: the text was taken out of it, and only id and hash are known.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>A row of our copy of which no more is known.</summary>
    public static ChainRow OfHash(long id, TreeHash hash) => new(new UpstreamEvent(id, "", "", "", "", TreeHash.Zero), hash) { IsRedacted = true };

    /// <summary>It is longer than is copied: only that it is there, and how long, is known. Its hash is zero, which no event has.</summary>
    public LeftOutEvent? LeftOut { get; init; }

    /// <summary>A row that is not copied. What is compared of it is its length.</summary>
    public static ChainRow Of(LeftOutEvent leftOut) => new(new UpstreamEvent(leftOut.Id, "", "", "", leftOut.Sentence, TreeHash.Zero), TreeHash.Zero) { LeftOut = leftOut };
}

/// <summary>What we remember of a server's chain, from our own log.</summary>
/// <param name="Head">The newest row; null before the first.</param>
/// <param name="Count">How many rows.</param>
/// <param name="Rows">Those that were read again, by id: what is compared.</param>
public sealed record ChainMemory(ChainRow? Head, long Count, ImmutableSortedDictionary<long, ChainRow> Rows)
{
    public static ChainMemory Nothing { get; } = new(null, 0, ImmutableSortedDictionary<long, ChainRow>.Empty);
}

/// <summary>What was read from a server in one go.</summary>
/// <param name="Format">Of its hashes.</param>
/// <param name="Rows">In the order of ids: rows that we remember, for comparison, and new ones.</param>
/// <param name="HeadId">The highest id there; 0 for none.</param>
/// <param name="Count">How many rows are there.</param>
/// <param name="HighestEverId">What SQLite's <c>sqlite_sequence</c> remembers, or null.</param>
/// <param name="ReadAt">By our clock.</param>
/// <param name="FirstReadOfHeadAt">When the newest row was first seen as it is.</param>
/// <param name="ReinstallAnnounced">Somebody said beforehand that the server would start anew.</param>
public sealed record ChainReading(
    ChainFormat Format,
    ImmutableArray<ChainRow> Rows,
    long HeadId,
    long Count,
    long? HighestEverId,
    DateTimeOffset ReadAt,
    DateTimeOffset FirstReadOfHeadAt,
    bool ReinstallAnnounced = false)
{
    /// <summary>Rows up to here that are wrong in themselves were accepted by a person.</summary>
    public long AcceptedTo { get; init; }

    /// <summary>When all that was there was read the last time before, by our clock; null: not since the dashboard started, or not of this copy.</summary>
    public DateTimeOffset? ReadWholeAt { get; init; }
}

/// <summary>One field of one row that is not what it was.</summary>
public sealed record FieldDifference(long Id, string Field, string Was, string Is);

/// <param name="Status">How the chain stands.</param>
/// <param name="AtId">The first row concerned; null when none is.</param>
/// <param name="Sentence">For people.</param>
/// <param name="Differences">Fields that changed, the first hundred.</param>
/// <param name="StartsEpoch">What comes next belongs to a new epoch of this source.</param>
public sealed record ChainVerdict(ChainStatus Status, long? AtId, string Sentence, ImmutableArray<FieldDifference> Differences, bool StartsEpoch = false)
{
    /// <summary>It begins anew, as somebody announced.</summary>
    public bool IsAnnouncedReset => Status == ChainStatus.Verified && StartsEpoch;
}
