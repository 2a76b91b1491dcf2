namespace OsModa.Core.Ledger.Storing;

/// <summary>What became of a job of the writer.</summary>
/// <param name="Numbers">Of the entries.</param>
/// <param name="Refused">Why this job alone was not done.</param>
internal sealed record JobOutcome(long[] Numbers, Exception? Refused = null);
