using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>An export that was asked for and written down: it goes out once.</summary>
public sealed class LedgerExport : IAsyncDisposable
{
    private readonly LedgerWriter _ledger;
    private readonly LedgerIntent _intent;
    private readonly LogReader _log;
    private readonly Action<Stream, CancellationToken> _write;
    private LedgerOutcome _outcome = LedgerOutcome.Failed;

    internal LedgerExport(LedgerWriter ledger, LedgerIntent intent, LogReader log, string fileName, string contentType, Action<Stream, CancellationToken> write) =>
        (_ledger, _intent, _log, FileName, ContentType, _write) = (ledger, intent, log, fileName, contentType, write);

    public string FileName { get; }

    public string ContentType { get; }

    /// <summary>Writes it as it is read, by blocking calls: on a thread that may be held up.</summary>
    /// <exception cref="LedgerDamagedException">The log is damaged; what was written so far is of no use.</exception>
    public void Write(Stream to, CancellationToken cancellationToken)
    {
        _write(to, cancellationToken);
        _outcome = LedgerOutcome.Done;
    }

    /// <summary>Writes into the ledger what came of it.</summary>
    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        await _ledger.OutcomeAsync(_intent, _outcome, _outcome == LedgerOutcome.Done ? "" : "It was broken off: the file did not go out whole.");
    }
}
