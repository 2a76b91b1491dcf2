using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>What a log asks a witness (C2SP tlog-witness): a head, and a proof that it continues the one that the witness cosigned last.</summary>
/// <param name="OldSize">Of that one; 0 for the first.</param>
/// <param name="Proof">At most <see cref="ProofMost"/> hashes.</param>
/// <param name="Note">The signed head.</param>
public sealed record AddCheckpoint(long OldSize, ImmutableArray<TreeHash> Proof, SignedNote Note)
{
    public const int ProofMost = 63;

    /// <summary>More is not read.</summary>
    public const int BytesMost = 256 * 1024;

    private const string Old = "old ";

    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out AddCheckpoint? request)
    {
        request = null;
        var end = body.IndexOf("\n\n"u8);
        if (body.Length > BytesMost || end < 0)
        {
            return false;
        }

        var lines = Encoding.UTF8.GetString(body[..end]).Split('\n');
        if (!lines[0].StartsWith(Old, StringComparison.Ordinal)
            || !long.TryParse(lines[0][Old.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var old)
            || old.ToString(CultureInfo.InvariantCulture) != lines[0][Old.Length..]
            || lines.Length > ProofMost + 1
            || !SignedNote.TryParse(body[(end + 2)..], out var note))
        {
            return false;
        }

        var proof = ImmutableArray.CreateBuilder<TreeHash>();
        foreach (var line in lines.AsSpan(1))
        {
            if (!TreeHash.TryParseBase64(line, out var hash))
            {
                return false;
            }

            proof.Add(hash);
        }

        request = new AddCheckpoint(old, proof.ToImmutable(), note);
        return true;
    }

    public override string ToString() => $"{Old}{OldSize.ToString(CultureInfo.InvariantCulture)}\n{string.Concat(Proof.Select(static hash => hash.ToBase64() + "\n"))}\n{Note}";
}
