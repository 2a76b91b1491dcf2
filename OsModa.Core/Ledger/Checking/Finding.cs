namespace OsModa.Core.Ledger.Checking;

/// <summary>The first thing that is wrong.</summary>
/// <param name="Result">What kind of wrong.</param>
/// <param name="Sentence">For people.</param>
/// <param name="At">The entry, where that can be told.</param>
internal sealed record Finding(CheckResult Result, string Sentence, long? At = null);
