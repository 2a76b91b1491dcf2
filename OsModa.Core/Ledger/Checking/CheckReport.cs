using System.Collections.Immutable;

namespace OsModa.Core.Ledger.Checking;

/// <summary>What came of a check. The numbers are the exit codes of the command.</summary>
public enum CheckResult
{
    Ok = 0,
    /// <summary>Entries are not what was signed.</summary>
    ContentMismatch = 2,
    /// <summary>A head is not signed by the log's key.</summary>
    Signature = 3,
    /// <summary>One head does not continue another.</summary>
    Consistency = 4,
    /// <summary>Too few witnesses, or a log or time-stamping authority that is not trusted.</summary>
    Policy = 5,
    /// <summary>It is not what it claims to be.</summary>
    Malformed = 6,
}

/// <param name="Result">Whether it verifies.</param>
/// <param name="Sentence">For people.</param>
/// <param name="At">The first entry that is wrong, where that can be told.</param>
/// <param name="Entries">How many were read.</param>
/// <param name="SignedEntries">How many of them the newest head covers.</param>
/// <param name="Heads">How many signed heads were checked.</param>
/// <param name="Chains">The servers' own chains within: what is the matter with them is not the log's fault.</param>
public sealed record CheckReport(CheckResult Result, string Sentence, long? At, long Entries, long SignedEntries, long Heads, ImmutableArray<ChainReport> Chains)
{
    /// <summary>The entry that reading began at.</summary>
    public long First { get; init; }

    /// <summary>How many entries are under a head that enough witnesses signed; null when none was asked for, or none is.</summary>
    public long? Witnessed { get; init; }

    /// <summary>The newest time stamp that is right; null when there is none, or it was not come to.</summary>
    public StampReport? Stamp { get; init; }

    /// <summary>A text was taken out after the log had ended, and what says so is not at hand; null when there is none.</summary>
    public RedactedLater? Elsewhere { get; init; }

    /// <summary>Only entries about one server were at hand, as somebody says all of them: what its chain misses may be missing from the file alone.</summary>
    public bool IsOfOne { get; init; }
}

/// <param name="Source">The server.</param>
/// <param name="Epoch">Of its chain.</param>
/// <param name="Events">How many.</param>
/// <param name="Weak">In the older format.</param>
/// <param name="Ambiguous">Whose fields could be others.</param>
/// <param name="FirstBroken">The first entry that does not give its hash or does not follow the one before; null for none.</param>
public sealed record ChainReport(Guid Source, uint Epoch, long Events, long Weak, long Ambiguous, long? FirstBroken);
