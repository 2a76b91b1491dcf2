using System.Text;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Checking;

/// <summary>
/// Holds the time stamps that are kept beside a log against it: each has to be right, of a head that the log continues, and as an entry of it says; and each that an entry tells of has to be there.
/// </summary>
internal static class StampCheck
{
    /// <param name="reader">A log whose entries and index are right.</param>
    /// <param name="trust">Of the one who checks.</param>
    /// <param name="report">What came of the check so far.</param>
    public static CheckReport Run(LogReader reader, LogTrust trust, CheckReport report)
    {
        var review = new StampReview(reader.Origin, trust.KeysOf(reader), trust.TimestampRoots);
        var wrong = Kept(reader, review) ?? (trust.NeedsTimestamp ? review.Policy() : null);
        return wrong is null ? report with { Stamp = review.Report } : report with { Result = wrong.Result, Sentence = wrong.Sentence, At = wrong.At, Stamp = review.Report };
    }

    private static Finding? Kept(LogReader reader, StampReview review)
    {
        var kept = reader.Timestamps();
        foreach (var stamp in kept)
        {
            if (review.Add(stamp.Size, Encoding.UTF8.GetBytes(stamp.Note), stamp.Token, head => Differs(reader, head), out var at) is { } wrong)
            {
                return wrong;
            }

            if (at.ToUnixTimeMilliseconds() != stamp.At.ToUnixTimeMilliseconds() || !TimestampEntry.Says(reader, stamp))
            {
                return new Finding(CheckResult.ContentMismatch, $"What is kept of the time stamp of {stamp.Size} entries is not what entry {stamp.Entry} says of it: somebody changed it. Restore the newest backup.", stamp.Entry);
            }
        }

        var told = kept.Select(static stamp => stamp.Entry).ToHashSet();
        return TimestampEntry.In(reader).Where(seq => !told.Contains(seq)).Select(static seq => new Finding(CheckResult.ContentMismatch, $"Entry {seq} tells of a time stamp that is gone. Restore the newest backup.", seq)).FirstOrDefault();
    }

    private static Finding? Differs(LogReader reader, Checkpoint head) =>
        head.Size > reader.Size ? new Finding(CheckResult.Consistency, $"A state of {head.Size} entries was time-stamped, but there are only {reader.Size}: the newest are gone.", reader.Size)
        : !reader.Continues(head) ? new Finding(CheckResult.Consistency, $"At {head.Size} entries this is another history than the one that was time-stamped. Keep both: they are the evidence.")
        : null;
}
