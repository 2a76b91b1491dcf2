using System.Buffers.Binary;
using System.Collections.Immutable;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>A bundle that can be made: all that was asked for is there.</summary>
/// <param name="Head">The signed head that it ends with.</param>
/// <param name="First">Its first entry.</param>
/// <param name="Previous">The head that the reader has, or null.</param>
/// <param name="Proofs">Single entries.</param>
internal sealed record BundlePlan(SignedHead Head, long First, SignedHead? Previous, ImmutableArray<long> Proofs)
{
    public const int MostProofs = 5_000;

    private const int MostTimestamps = 100;
    private const int MembersOfTimestamp = 3;

    // Texts say the same as entries up to four times over.
    private const long MostEntryBytes = BundleLimits.MostBytes / 5;
    private const int OtherMembers = 12;

    public long Size => Head.Size;

    /// <summary>What all single entries are about that were asked for; null when they were chosen one by one.</summary>
    public Guid? Source { get; init; }

    /// <summary>Time stamps of states that have entries of it: the newest hundred.</summary>
    public ImmutableArray<KeptTimestamp> Timestamps { get; init; } = [];

    /// <summary>What stands against it in a sentence, or the plan.</summary>
    public static (BundlePlan? Plan, string? Refused) Of(LogReader log, BundleRequest request)
    {
        if ((request.Until is { } until ? log.FirstCheckpointOf(until + 1) : log.NewestCheckpoint()) is not { } head)
        {
            return (null, request.Until is null ? "Nothing is signed yet. The first signature follows within a second or two." : $"No signed head has entry {request.Until} yet.");
        }

        var from = Math.Max(request.From, log.First);    // what is older is not kept
        if (request.From < 0 || from >= head.Size)
        {
            return (null, $"The export would begin at entry {request.From}, but entries go from {log.First} to {head.Size - 1}.");
        }

        var previous = request.Previous is { } size ? log.FirstCheckpointOf(size) : null;
        if (request.Previous is not null && (previous?.Size != request.Previous || previous.Size > head.Size))
        {
            return (null, $"No head of {request.Previous} entries was signed up to there.");
        }

        var proofs = request.Source is { } source ? LineQuery.NumbersOf(log, source, from, head.Size) : [.. request.Proofs.Distinct().Order()];
        if (proofs.Any(seq => seq < log.First || seq >= head.Size))
        {
            return (null, $"One of the single entries is not under the signed head of {head.Size} entries.");
        }

        if (request.Source is not null && proofs.Count == 0)
        {
            return (null, "No entry about it is signed yet.");
        }

        if (proofs.Count > MostProofs)
        {
            return (null, $"These are {proofs.Count} single entries, and a file takes {MostProofs}. Choose fewer, or begin at a later one.");
        }

        var first = from / TileId.FullWidth * TileId.FullWidth;
        if (WithRedactions(log, ref head, request.Source is null ? first : null, proofs) is { } redacted)
        {
            return (null, redacted);
        }

        var (end, least) = (head.Size, request.Source is not null ? proofs.Min() : first);
        var plan = new BundlePlan(head, request.Source is not null ? end : first, previous, [.. proofs.Order()])
        {
            Source = request.Source,
            Timestamps = [.. log.Timestamps().Where(stamp => stamp.Size > least && stamp.Size <= end).TakeLast(MostTimestamps)],
        };
        return plan.Fits(log) ? (plan, null) : (null, "That is more than one file takes. Begin at a later entry, or end at an earlier one.");
    }

    // What is missing from an entry has to be said by another one, so that goes along: as a single entry, or in a range that ends later.
    private static string? WithRedactions(LogReader log, ref SignedHead head, long? first, List<long> proofs)
    {
        var redactions = log.Redactions();
        while (true)
        {
            var size = head.Size;
            var needed = redactions.Where(one => proofs.Contains(one.Seq) || (one.Seq >= first && one.Seq < size)).ToList();
            proofs.AddRange(needed.Where(one => proofs.Contains(one.Seq) && !proofs.Contains(one.At)).Select(static one => one.At).ToList());
            if (needed.Count == 0 || needed.Max(static one => one.At) < size)
            {
                return null;
            }

            var last = needed.MaxBy(static one => one.At);
            if (log.FirstCheckpointOf(last.At + 1) is not { } later)
            {
                return $"Entry {last.Seq} was redacted just now. The signature under that follows within a second or two.";
            }

            head = later;
        }
    }

    private bool Fits(LogReader log)
    {
        var from = First / TileId.FullWidth;
        var until = (Size + TileId.FullWidth - 1) / TileId.FullWidth;
        var (texts, textBytes) = Beside(log);
        var members = OtherMembers + (Timestamps.Length * MembersOfTimestamp) + Proofs.Length + texts + log.KeyChanges().Count + (First == Size ? 0 : until - from + BundleMembers.Tiles(First, Size).LongCount() + log.Connection.Ask<long>("SELECT count(*) FROM side WHERE log = ?1", log.Log.Id));
        var bytes = First == Size ? 0 : log.Connection.Ask<long>("SELECT coalesce(sum(length(data)), 0) FROM bundle WHERE log = ?1 AND n >= ?2 AND n < ?3", log.Log.Id, from, until);
        return members <= BundleLimits.MostMembers && bytes + textBytes <= MostEntryBytes;
    }

    // Long texts of the single entries.
    private (int Count, long Bytes) Beside(LogReader log)
    {
        var lengths = new Dictionary<TreeHash, long>();
        foreach (var seq in Proofs)
        {
            if (LedgerRecord.TryParse(log.Entry(seq), out var record) && record.IsBeside)
            {
                lengths[TreeHash.From(record.Body[..TreeHash.Bytes])] = BinaryPrimitives.ReadInt64BigEndian(record.Body[TreeHash.Bytes..]);
            }
        }

        return (lengths.Count, lengths.Values.Sum());
    }
}
