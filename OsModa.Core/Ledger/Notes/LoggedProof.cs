using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Notes;

/// <summary>That one entry is in a log, in one text that can be checked without the log (C2SP tlog-proof, files named <c>.tlog-proof</c>).</summary>
/// <param name="Index">Of the entry.</param>
/// <param name="Hashes">From the leaf's sibling up.</param>
/// <param name="Checkpoint">Signed by the log, and by witnesses.</param>
/// <param name="Extra">For whoever reads it; nothing vouches for it. Null for none.</param>
public sealed record LoggedProof(long Index, ImmutableArray<TreeHash> Hashes, SignedNote Checkpoint, ReadOnlyMemory<byte>? Extra = null)
{
    private const string Header = "c2sp.org/tlog-proof@v1";
    private const string ExtraWord = "extra ";
    private const string IndexWord = "index ";
    private const int MostHashes = 63;

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LoggedProof? proof)
    {
        proof = null;
        var end = bytes.IndexOf("\n\n"u8);
        if (end < 0 || end > SignedNote.MostBytes || !SignedNote.TryParse(bytes[(end + 2)..], out var note))
        {
            return false;
        }

        // What is not ASCII becomes a character that no line below admits.
        var lines = Encoding.ASCII.GetString(bytes[..end]).Split('\n').AsSpan();
        if (lines[0] != Header)
        {
            return false;
        }

        lines = lines[1..];
        ReadOnlyMemory<byte>? extra = null;
        if (lines.Length > 0 && lines[0].StartsWith(ExtraWord, StringComparison.Ordinal))
        {
            if (StrictBase64.Decode(lines[0][ExtraWord.Length..]) is not { } decoded)
            {
                return false;
            }

            extra = decoded;
            lines = lines[1..];
        }

        if (lines.Length is 0 or > MostHashes + 1 || !TryIndex(lines[0], out var index))
        {
            return false;
        }

        var hashes = ImmutableArray.CreateBuilder<TreeHash>();
        foreach (var line in lines[1..])
        {
            if (!TreeHash.TryParseBase64(line, out var hash))
            {
                return false;
            }

            hashes.Add(hash);
        }

        proof = new LoggedProof(index, hashes.ToImmutable(), note, extra);
        return true;
    }

    /// <summary>Whether <paramref name="entry"/> stands at <see cref="Index"/> in the tree of the checkpoint. Who signed that is another question: <see cref="TrustPolicy"/>.</summary>
    public bool Includes(ReadOnlySpan<byte> entry) => Includes(Sha256.Leaf(entry));

    /// <summary>The same for an entry of which only the hash is at hand.</summary>
    public bool Includes(TreeHash leaf) =>
        Notes.Checkpoint.TryParse(Checkpoint.Text, out var checkpoint) && Inclusion.Verify(Index, checkpoint.Size, leaf, Hashes.AsSpan(), checkpoint.Root);

    public override string ToString()
    {
        var text = new StringBuilder(Header).Append('\n');
        if (Extra is { } extra)
        {
            text.Append(ExtraWord).Append(Convert.ToBase64String(extra.Span)).Append('\n');
        }

        text.Append(IndexWord).Append(Index.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in Hashes)
        {
            text.Append(hash.ToBase64()).Append('\n');
        }

        return text.Append('\n').Append(Checkpoint).ToString();
    }

    private static bool TryIndex(string line, out long index)
    {
        index = -1;
        return line.StartsWith(IndexWord, StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(IndexWord.Length), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && index.ToString(CultureInfo.InvariantCulture) == line[IndexWord.Length..];
    }
}
