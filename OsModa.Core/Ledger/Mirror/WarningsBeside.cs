using OsModa.Core.Ledger.Chains;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>Which warnings were written into the ledger beside another that stands: what a server does again and again must not fill it.</summary>
internal sealed class WarningsBeside
{
    /// <summary>A warning of a kind is written at most this often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly Dictionary<ChainStatus, (long? AtId, DateTimeOffset At)> _told = [];

    public bool IsNews(ChainVerdict verdict, ChainStanding standing, DateTimeOffset now) =>
        verdict.Status.Severity() >= ChainSeverity.Warning && (verdict.Status, verdict.AtId) != (standing.Status, standing.AtId)
        && !(_told.TryGetValue(verdict.Status, out var last) && (last.AtId == verdict.AtId || now - last.At < Pause));

    public void Told(ChainVerdict verdict, DateTimeOffset now) => _told[verdict.Status] = (verdict.AtId, now);

    public void Clear() => _told.Clear();
}
