using System.IO.Pipelines;
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

    /// <summary>Writes it as it is read, which is by blocking calls, so on a thread of its own.</summary>
    /// <exception cref="LedgerDamagedException">The log is damaged; what was written so far is of no use.</exception>
    public async Task WriteAsync(Stream to, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        var writing = Task.Factory.StartNew(() => Fill(pipe.Writer, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await pipe.Reader.CopyToAsync(to, cancellationToken);
            _outcome = LedgerOutcome.Done;
        }
        finally
        {
            // Whoever writes must not wait for a reader that is gone.
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    /// <summary>Writes into the ledger what came of it.</summary>
    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        await _ledger.OutcomeAsync(_intent, _outcome, _outcome == LedgerOutcome.Done ? "" : "It was broken off: the file did not go out whole.");
    }

    private void Fill(PipeWriter pipe, CancellationToken cancellationToken)
    {
        try
        {
            using (var stream = pipe.AsStream(leaveOpen: true))
            {
                _write(stream, cancellationToken);
            }

            pipe.Complete();
        }
        catch (Exception e)
        {
            pipe.Complete(e);
        }
    }
}
