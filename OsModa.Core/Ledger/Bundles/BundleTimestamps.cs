using System.Globalization;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Tree;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>The time stamps of a bundle: each has to be right, and of a head that its checkpoint continues.</summary>
internal sealed class BundleTimestamps(BundleFile file, LogTrust trust)
{
    private static readonly string[] Endings = [BundleMembers.StampedConsistencyEnding, BundleMembers.StampedEnding, BundleMembers.AnswerEnding];

    private readonly StampReview _review = new(file.Origin, trust.KeysOf(file), trust.TimestampRoots);

    /// <summary>The newest that is right; null when there is none.</summary>
    public StampReport? Report => _review.Report;

    /// <summary>Each of them; <see cref="Policy"/> says whose they are.</summary>
    public Finding? Check()
    {
        var names = file.Manifest.Members.Keys.Where(static name => name.StartsWith(BundleMembers.TimestampFolder, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var sizes = new SortedSet<long>();
        foreach (var name in names)
        {
            if (SizeOf(name) is not { } size)
            {
                return Unreadable(name);
            }

            sizes.Add(size);
        }

        return sizes.Select(Check).FirstOrDefault(static wrong => wrong is not null);
    }

    /// <summary>Whether somebody who is trusted has stamped it, where that was asked for.</summary>
    public Finding? Policy() => !trust.NeedsTimestamp ? null
        : _review.Policy()
        ?? (trust.TimestampRoots is not null && Report is null ? new Finding(CheckResult.Policy, "No state in the file was time-stamped, and you asked for that by naming whom you trust for it.") : null);

    private Finding? Check(long size)
    {
        var answer = BundleMembers.Timestamp(size, BundleMembers.AnswerEnding);
        return file.Data(BundleMembers.Timestamp(size, BundleMembers.StampedEnding), BundleLimits.MostTextBytes) is not { } note
            || file.Data(answer, TimestampCheck.MostBytes) is not { } bytes || TimestampAnswer.Read(bytes, out var token) is not null
            || file.Text(BundleMembers.Timestamp(size, BundleMembers.StampedConsistencyEnding)) is not { } lines || HashLines.Read(lines) is not { } proof
            || !Checkpoint.TryParse(file.Checkpoints().FirstOrDefault()?.Note?.Text, out var head)
                ? Unreadable(answer)
                : _review.Add(size, note, token, stamped => Consistency.Verify(stamped.Size, stamped.Root, head.Size, head.Root, proof) ? null : Other(stamped, head), out _);
    }

    // The name without its ending; null when it is none of ours.
    private static long? SizeOf(string name) =>
        Array.Find(Endings, ending => name.EndsWith(ending, StringComparison.Ordinal)) is { } ending
        && long.TryParse(name.AsSpan()[BundleMembers.TimestampFolder.Length..^ending.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && BundleMembers.Timestamp(size, ending) == name
            ? size
            : null;

    private static Finding Unreadable(string name) => new(CheckResult.Malformed, $"{name} in the file is no time stamp with what belongs to it.");

    private static Finding Other(Checkpoint stamped, Checkpoint head) =>
        new(CheckResult.Consistency, $"The log at {head.Size} entries does not continue what was time-stamped at {stamped.Size}: one of the two was rewritten.");
}
