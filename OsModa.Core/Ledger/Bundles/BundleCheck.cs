using System.Text;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>Checks everything that is in a bundle: first the evidence, then what only says the same in other words.</summary>
public static class BundleCheck
{
    /// <param name="file">Checked once.</param>
    /// <param name="trust">Of the one who checks. Without a key of this log the file's own word is taken, and the result is never better than <see cref="CheckResult.Policy"/>.</param>
    /// <param name="progress">Entries read so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static CheckReport Run(BundleFile file, LogTrust trust, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var known = false;
        CheckReport report;
        try
        {
            known = !trust.KeysOf(file).IsEmpty;
            trust = known ? trust : trust with { Keys = file.Manifest.Keys };
            var previous = Previous(file, trust, out var proven);
            trust = trust with { Seen = [.. trust.Seen.Where(seen => seen.Text != proven?.Text)] };
            var (proofs, stamps) = (new BundleProofs(file), new BundleTimestamps(file, trust));
            report = file.First == file.Size ? SingleEntries(file, trust) : LogCheck.Run(file, trust, progress, cancellationToken);
            report = report.Result == CheckResult.Ok ? With(report, Unsigned(report) ?? previous ?? proofs.Check() ?? stamps.Check() ?? Texts(file, cancellationToken) ?? stamps.Policy()) with { Stamp = stamps.Report } : report;
            report = report with { Elsewhere = report.Elsewhere ?? proofs.Elsewhere };
            report = file.Manifest.Source is null || report.Result != CheckResult.Ok ? report : report with { Chains = proofs.Chains.Report(), IsOfOne = true };
        }
        catch (LedgerDamagedException e)
        {
            report = Nothing(file, new Finding(CheckResult.Malformed, e.Message));
        }

        return Elsewhere(known || report.Result != CheckResult.Ok
            ? report
            : report with { Result = CheckResult.Policy, Sentence = $"{report.Sentence} But the key is only what the file says of itself: {string.Join(", ", file.Manifest.Keys)}. Check again with the key of {file.Origin} as you know it." });
    }

    // What says that a text is gone is in a later log, and so not under the head of this one.
    private static CheckReport Elsewhere(CheckReport report) =>
        report is { Result: CheckResult.Ok or CheckResult.Policy, Elsewhere: { } later } ? report with { Result = CheckResult.Policy, Sentence = $"{report.Sentence} {later.Sentence}", At = later.Seq } : report;

    private static Finding? Unsigned(CheckReport report) => report.Heads == 0 ? new Finding(CheckResult.ContentMismatch, "No head is in the file, so nothing in it is signed.") : null;

    // An earlier head that came with it, and the proof that the log only grew since.
    private static Finding? Previous(BundleFile file, LogTrust trust, out SignedNote? proven)
    {
        proven = null;
        if (file.Text(BundleMembers.PreviousCheckpoint) is not { } text)
        {
            return null;
        }

        if (!SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out var note) || !Checkpoint.TryParse(note.Text, out var before) || before.Origin != file.Origin
            || file.Checkpoints().FirstOrDefault()?.Note is not { } newest || !Checkpoint.TryParse(newest.Text, out var head)
            || file.Text(BundleMembers.Consistency) is not { } lines || HashLines.Read(lines) is not { } proof)
        {
            return new Finding(CheckResult.Malformed, "The earlier head in the file, or the proof that belongs to it, cannot be read.");
        }

        if (note.Check(trust.KeysOf(file).For(before.Size)) is not { Length: > 0 })
        {
            return new Finding(CheckResult.Signature, $"The earlier head of {before.Size} entries is not signed by {file.Origin}.");
        }

        if (!Consistency.Verify(before.Size, before.Root, head.Size, head.Root, proof))
        {
            return new Finding(CheckResult.Consistency, $"The log at {head.Size} entries does not continue what was signed at {before.Size}: one of the two was rewritten.");
        }

        proven = note;
        return null;
    }

    private static CheckReport SingleEntries(BundleFile file, LogTrust trust)
    {
        using var heads = new HeadCheck(file, trust);
        var wrong = heads.WithoutEntries();
        return Nothing(file, wrong ?? new Finding(CheckResult.Ok, $"{(file.Manifest.Proofs == 1 ? "The one entry" : $"All {file.Manifest.Proofs} entries")} in the file stand in the log as it was signed at {file.Size} entries."))
            with { Entries = wrong is null ? file.Manifest.Proofs : 0, SignedEntries = heads.Signed, Heads = heads.Count, Witnessed = heads.Witnessed };
    }

    private static Finding? Texts(BundleFile file, CancellationToken cancellationToken)
    {
        if (file.First < file.Size && (Differs(file, BundleMembers.Table, new EventTable()) ?? Differs(file, BundleMembers.Lines, new EventLines()) ?? Chains(file)) is { } wrong)
        {
            return wrong;
        }

        file.ReadRest(cancellationToken);
        return file.Changed.Min is { } name ? new Finding(CheckResult.ContentMismatch, $"The entries verify, but {name} is not what manifest.json says.") : null;
    }

    private static Finding? Differs(BundleFile file, string name, IEventText format)
    {
        using var hashed = new HashedStream(Stream.Null, static _ => { });
        format.Write(EventRow.Of(file), hashed);
        return file.Manifest.Members.TryGetValue(name, out var hash) && hash == hashed.Hash() ? null : Other(name);
    }

    private static Finding? Chains(BundleFile file) =>
        file.Text(BundleMembers.Chains, BundleLimits.MostChainsBytes) is { } text && ChainLine.SaysTheSame(text, EventRow.Of(file)) ? null : Other(BundleMembers.Chains);

    private static Finding Other(string name) => new(CheckResult.ContentMismatch, $"The entries verify, but {name} does not say the same as they do.");

    private static CheckReport With(CheckReport report, Finding? wrong) => wrong is null ? report : report with { Result = wrong.Result, Sentence = wrong.Sentence, At = wrong.At };

    private static CheckReport Nothing(BundleFile file, Finding finding) => new(finding.Result, finding.Sentence, finding.At, 0, 0, 0, []) { First = file.First };
}
