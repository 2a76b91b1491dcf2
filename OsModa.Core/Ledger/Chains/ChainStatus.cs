namespace OsModa.Core.Ledger.Chains;

/// <summary>How a server's own chain stands. Kept as text, so names are part of the format.</summary>
public enum ChainStatus
{
    /// <summary>Never read.</summary>
    Unknown,
    /// <summary>Links and hashes right up to the head, and nothing remembered is missing or different.</summary>
    Verified,
    /// <summary>The head is known, rows are still being copied.</summary>
    CatchingUp,
    /// <summary>The server writes more than is copied of one in so short a time, or the disk here is nearly full; it goes on as time passes.</summary>
    Slowed,
    /// <summary>Only the newest row is wrong, and it was written a moment ago.</summary>
    LastRowUnsettled,
    /// <summary>Ids are missing, but the links are right.</summary>
    Gap,
    /// <summary>Times go backwards, or are far from ours.</summary>
    Clock,
    /// <summary>An event is longer than is copied: it is noted that it was there, and what follows is copied.</summary>
    TooLong,
    /// <summary>Every hash is new and every field is the same.</summary>
    Rehashed,
    /// <summary>No read for a while.</summary>
    Unreachable,
    /// <summary>Newest rows are gone.</summary>
    Cut,
    /// <summary>The same ids, other events.</summary>
    Forked,
    /// <summary>Hashes are new and a field differs.</summary>
    Rewritten,
    /// <summary>Starts again at the first event.</summary>
    Reset,
    /// <summary>Went back to an older head, then on.</summary>
    Restored,
    /// <summary>A row does not give its hash, or does not follow the one before.</summary>
    Broken,
}

public enum ChainSeverity
{
    Good,
    Waiting,
    Warning,
    Alarm,
}

public static class ChainStatuses
{
    public static ChainSeverity Severity(this ChainStatus status) => status switch
    {
        ChainStatus.Verified => ChainSeverity.Good,
        ChainStatus.Unknown or ChainStatus.CatchingUp or ChainStatus.Slowed or ChainStatus.LastRowUnsettled or ChainStatus.Unreachable => ChainSeverity.Waiting,
        ChainStatus.Gap or ChainStatus.Clock or ChainStatus.TooLong or ChainStatus.Rehashed => ChainSeverity.Warning,
        _ => ChainSeverity.Alarm,
    };
}
