using System.Globalization;
using System.Text;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>The single entries of a bundle: each has to be under its checkpoint, at the place that its file is named for.</summary>
internal static class BundleProofs
{
    public static Finding? Check(BundleFile file)
    {
        var names = file.Manifest.Members.Keys.Where(static name => name.StartsWith(BundleMembers.ProofFolder, StringComparison.Ordinal)).ToList();
        if (names.Count != file.Manifest.Proofs)
        {
            return new Finding(CheckResult.Malformed, $"The file should have {file.Manifest.Proofs} single entries and has {names.Count}.");
        }

        var (head, self) = (file.Checkpoints().FirstOrDefault()?.Note, new SelfCheck(file, only: true));
        return names.Select(name => Check(file, name, head, self)).FirstOrDefault(static wrong => wrong is not null) ?? self.End();
    }

    private static Finding? Check(BundleFile file, string name, SignedNote? head, SelfCheck self)
    {
        if (!LoggedProof.TryParse(Encoding.UTF8.GetBytes(file.Text(name)!), out var proof)
            || name != BundleMembers.Proof(proof.Index)
            || proof.Extra is not { } entry
            || !LedgerRecord.TryParse(entry.Span, out var record))
        {
            return new Finding(CheckResult.Malformed, $"{name} in the file is no entry with its proof.", Number(name));
        }

        self.Add(proof.Index, record);
        if (proof.Checkpoint.ToString() != head?.ToString() || !proof.Includes(LedgerRecord.Leaf(entry.Span)))
        {
            return new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {proof.Index}: its proof does not lead to the root that was signed.", proof.Index);
        }

        // Files from before have no long texts of single entries.
        return record.IsBeside && file.Beside(record.Body[..TreeHash.Bytes]) is { } body && !LedgerRecord.Beside(body).AsSpan().SequenceEqual(record.Body)
            ? new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {proof.Index}: what is kept beside it is not what was written.", proof.Index)
            : null;
    }

    private static long? Number(string name) =>
        name.EndsWith(BundleMembers.ProofEnding, StringComparison.Ordinal)
        && long.TryParse(name[BundleMembers.ProofFolder.Length..^BundleMembers.ProofEnding.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? seq
            : null;
}
