using System.Globalization;
using System.Text;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>The single entries of a bundle: each has to be under its checkpoint, at the place that its file is named for.</summary>
internal sealed class BundleProofs(BundleFile file)
{
    private readonly SignedNote? _head = file.Checkpoints().FirstOrDefault()?.Note;
    private readonly SelfCheck _self = new(file, only: true);

    /// <summary>Of the server that the file is about; of entries that were chosen one by one nothing follows.</summary>
    public ChainCheck Chains { get; } = new();

    /// <summary>A text was taken out after the log had ended; null when there is none.</summary>
    public RedactedLater? Elsewhere => _self.Elsewhere;

    public Finding? Check()
    {
        var names = file.Manifest.Members.Keys.Where(static name => name.StartsWith(BundleMembers.ProofFolder, StringComparison.Ordinal)).ToList();
        if (names.Count != file.Manifest.Proofs)
        {
            return new Finding(CheckResult.Malformed, $"The file should have {file.Manifest.Proofs} single entries and has {names.Count}.");
        }

        return names.OrderBy(Number).Select(Check).FirstOrDefault(static wrong => wrong is not null) ?? _self.End();
    }

    private Finding? Check(string name)
    {
        if (!LoggedProof.TryParse(Encoding.UTF8.GetBytes(file.Text(name)!), out var proof)
            || name != BundleMembers.Proof(proof.Index)
            || proof.Extra is not { } entry
            || !LedgerRecord.TryParse(entry.Span, out var record))
        {
            return new Finding(CheckResult.Malformed, $"{name} in the file is no entry with its proof.", Number(name));
        }

        _self.Add(proof.Index, record);
        if (proof.Checkpoint.ToString() != _head?.ToString() || !proof.Includes(LedgerRecord.Leaf(entry.Span)))
        {
            return new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {proof.Index}: its proof does not lead to the root that was signed.", proof.Index);
        }

        // Files from before have no long texts of single entries.
        var body = record.IsBeside ? file.Beside(record.Body[..TreeHash.Bytes]) : record.IsRedacted ? null : record.Body.ToArray();
        if (record.IsBeside && body is not null && !LedgerRecord.Beside(body).AsSpan().SequenceEqual(record.Body))
        {
            return new Finding(CheckResult.ContentMismatch, $"Does not verify at entry {proof.Index}: what is kept beside it is not what was written.", proof.Index);
        }

        if (record.Source == file.Manifest.Source)
        {
            Follow(proof.Index, record, body);
        }

        return null;
    }

    private void Follow(long seq, LedgerRecord record, byte[]? body)
    {
        if (record.IsLeftOut)
        {
            Chains.AddLeftOut(record);
        }
        else if (record.IsEvent && body is not null)
        {
            Chains.Add(seq, record, body);
            Chains.Settle([Sha256.Plain(body)]);
        }
        else if (record.IsEvent)
        {
            Chains.AddUnreadable(record);
        }
    }

    private static long? Number(string name) =>
        name.EndsWith(BundleMembers.ProofEnding, StringComparison.Ordinal)
        && long.TryParse(name[BundleMembers.ProofFolder.Length..^BundleMembers.ProofEnding.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? seq
            : null;
}
