using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>
/// Names of what is in a bundle. Taken out of the ZIP, <c>checkpoint</c> and <c>tile/</c> lie as a log of C2SP tlog-tiles serves them; entries of a range are
/// <c>tile/entries/…</c> there.
/// </summary>
internal static class BundleMembers
{
    public const string Manifest = "manifest.json";
    public const string ReadMe = "README.txt";
    public const string Verifier = "verify.html";
    public const string Checkpoint = "checkpoint";
    public const string PreviousCheckpoint = "previous-checkpoint";
    public const string Consistency = "consistency.txt";
    public const string Redactions = "redactions.txt";
    public const string Policy = "policy.txt";
    public const string Chains = "chains.json";
    public const string Table = "events.csv";
    public const string Lines = "events.jsonl";
    public const string ProofFolder = "proofs/";
    public const string ProofEnding = ".tlog-proof";
    public const string BesideFolder = "beside/";
    public const string KeyFolder = "key-changes/";

    public const string TimestampFolder = "timestamps/";
    public const string StampedEnding = ".note";
    public const string AnswerEnding = ".tsr";
    public const string StampedConsistencyEnding = ".consistency.txt";

    /// <summary>Of a log of this size.</summary>
    public static string Entries(long n, long size) => new TileId(TileId.Entries, n, (int)Math.Min(TileId.FullWidth, size - (n * TileId.FullWidth))).Path;

    public static string Proof(long seq) => $"{ProofFolder}{seq}{ProofEnding}";

    /// <param name="size">Entries under the head that was stamped.</param>
    /// <param name="ending">Head, answer of the authority, or proof that the checkpoint continues the head.</param>
    public static string Timestamp(long size, string ending) => $"{TimestampFolder}{size}{ending}";

    /// <summary>A body that is kept beside the log.</summary>
    public static string Beside(ReadOnlySpan<byte> sha256) => BesideFolder + Convert.ToHexStringLower(sha256);

    /// <summary>Tiles that a bundle has whose entries begin at <paramref name="first"/>: of level 0 those from there on, above that all.</summary>
    public static IEnumerable<TileId> Tiles(long first, long size) => TileId.OfTree(size).Where(tile => tile.Level > 0 || tile.Index * TileId.FullWidth >= first);
}
