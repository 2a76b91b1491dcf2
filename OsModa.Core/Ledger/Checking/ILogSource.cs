using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>A log that can be checked: one of the database, or one that was handed over in a file.</summary>
public interface ILogSource
{
    string Origin { get; }

    long Size { get; }

    /// <summary>The first entry that is at hand: a multiple of 256, or 0. Of those before it there are hashes, from level 1 up.</summary>
    long First { get; }

    /// <summary>What comes before <see cref="First"/> was not asked for. Otherwise it is gone, and the log has to say so.</summary>
    bool IsPart { get; }

    /// <summary>A bundle of entries; empty when there is none. Valid until the next is read.</summary>
    ReadOnlySpan<byte> Bundle(long n);

    /// <summary>A tile of hashes, perhaps wider than asked for; empty when there is none. Valid until the next is read.</summary>
    ReadOnlySpan<byte> Tile(TileId id);

    /// <summary>What is kept beside the log under this hash, or null.</summary>
    byte[]? Beside(ReadOnlySpan<byte> sha256);

    /// <summary>Where a later epoch says that the text of an entry was taken out after this log had ended; null when none does.</summary>
    /// <param name="seq">The entry.</param>
    /// <param name="left">What is left of it: the header as it was, and its hash.</param>
    RedactedLater? ToldLater(long seq, byte[] left) => null;

    /// <summary>Signed heads, smallest first.</summary>
    IEnumerable<SignedHead> Checkpoints();

    /// <summary>Changes of the key that heads are signed with: each vouches for itself, by the signatures of both keys.</summary>
    IReadOnlyList<KeyChange> KeyChanges();
}
