using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Dashboard.Components;

namespace OsModa.Dashboard.Pages.Audit;

/// <summary>How the chain of a server stands, in words and marks.</summary>
public static class ChainWords
{
    public static string Of(ChainStatus status) => status switch
    {
        ChainStatus.Verified => "verifies",
        ChainStatus.CatchingUp => "being copied",
        ChainStatus.Slowed => "copied more slowly than it is written",
        ChainStatus.LastRowUnsettled => "being written",
        ChainStatus.Gap => "has gaps",
        ChainStatus.Clock => "has odd times",
        ChainStatus.TooLong => "has events that are too long",
        ChainStatus.Rehashed => "format changed",
        ChainStatus.Unreachable => "not read lately",
        ChainStatus.Cut => "cut off",
        ChainStatus.Forked => "another history",
        ChainStatus.Rewritten => "rewritten",
        ChainStatus.Reset => "begun anew",
        ChainStatus.Restored => "went back",
        ChainStatus.Broken => "does not verify",
        _ => "not read yet",
    };

    /// <summary>The same for a status as the ledger has it.</summary>
    public static string Of(string status) => Enum.TryParse<ChainStatus>(status, out var known) ? Of(known) : status;

    public static Look Look(ChainStatus status) => status.Severity() switch
    {
        _ when status == ChainStatus.Slowed => new("warning", "warning", Of(status)),
        ChainSeverity.Good => new("verified", "verified", Of(status)),
        ChainSeverity.Warning => new("warning", "warning", Of(status)),
        ChainSeverity.Alarm => new("bad", "broken", Of(status)),
        _ => new("unknown", "unknown", Of(status)),
    };

    public static Look? Look(string status) => Enum.TryParse<ChainStatus>(status, out var known) ? Look(known) : null;

    /// <summary>The same with how long it could not be read.</summary>
    public static Look Look(ChainStanding standing, bool isLive, DateTimeOffset now)
    {
        var status = Shown(standing, isLive, now);
        return status == ChainStatus.Unreachable && standing.Stale(now) is not null ? Look(status) with { Word = $"not read for {Age(now - standing.FailingSince!.Value)}" } : Look(status);
    }

    /// <summary>As it is shown of a server: one that is out of reach, or whose chain could not be read for minutes, was not read lately, unless there is something worse.</summary>
    public static ChainStatus Shown(ChainStanding standing, bool isLive, DateTimeOffset now) => (isLive && standing.Stale(now) is null) || standing.Status == ChainStatus.Slowed || standing.Status.Severity() >= ChainSeverity.Warning ? standing.Status : ChainStatus.Unreachable;

    /// <summary>Who was asked besides the chain, how much of what they told was looked at, and what came of it.</summary>
    public static string Covered(CoverageReport coverage)
    {
        var journal = coverage.Journal > 0 ? $"{Amount.Count(coverage.Journal, "switch or use of sudo", "switches and uses of sudo")} that its journal tells of" : "";
        var calls = coverage.Calls > 0 ? $"{Amount.Count(coverage.Calls, "call of a tool", "calls of tools")} that its teachd tells of" : "";
        var seen = journal.Length > 0 && calls.Length > 0 ? $"{journal} and {calls}" : journal + calls;
        var rule = coverage.Calls > 0 ? " Calls that only read, or that need not leave an event, are not counted." : "";
        return coverage.NotAudited.Count > 0 ? $"Its own ledger does not tell of them. Looked at: {seen}.{rule}" : $"All that was looked at stands in it: {seen}.{rule}";
    }

    private static string Age(TimeSpan age) => age.TotalHours < 2 ? $"{(int)age.TotalMinutes} min" : age.TotalDays < 2 ? $"{(int)age.TotalHours} h" : $"{(int)age.TotalDays} d";
}
