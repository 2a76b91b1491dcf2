using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// The one writer. What is handed over waits in a channel; a task takes what is there, up to <see cref="MostInGroup"/> records, and commits it
/// together. While the disk is busy with one group the next one gathers, so that nobody waits for company.
/// </summary>
internal sealed class LedgerWriting : IAsyncDisposable
{
    private const int MostInGroup = 512;

    private readonly LedgerFile _file;
    private readonly LogDirectory _logs;
    private readonly ForkGuard _guard;
    private readonly ILogger _log;
    private readonly Channel<LedgerJob> _jobs = Channel.CreateBounded<LedgerJob>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly ConcurrentQueue<TaskCompletionSource> _purges = new();
    private readonly WalCheckpoints _checkpoints;
    private readonly Task _writing;
    private LedgerGroup? _group;

    public LedgerWriting(LedgerFile file, LogDirectory logs, ForkGuard guard, ILogger log)
    {
        (_file, _logs, _guard, _log) = (file, logs, guard, log);
        _checkpoints = new WalCheckpoints(file);
        _group = new LedgerGroup(file.OpenForWriting(), logs, guard);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Are told an organisation after records of it are on the disk, on the writer's thread.</summary>
    public Listeners<Guid> Grown { get; } = new();

    /// <summary>Does a job in its turn.</summary>
    /// <param name="job">What is to be done.</param>
    /// <param name="cancellationToken">Gives up while there is no room for it to wait in; what waits is done.</param>
    /// <returns>The numbers of its entries, once they are on the disk.</returns>
    /// <exception cref="LedgerDamagedException">It was not done.</exception>
    /// <exception cref="ChannelClosedException">The writer was closed.</exception>
    public async Task<long[]> DoAsync(LedgerJob job, CancellationToken cancellationToken)
    {
        await _jobs.Writer.WriteAsync(job, cancellationToken);
        return await job.Done.Task;
    }

    /// <summary>Writes the file anew, so that nothing is left in it of what was deleted.</summary>
    /// <exception cref="LedgerDamagedException">It is left as it was, or something is left in it.</exception>
    public async Task PurgeAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _purges.Enqueue(done);
        await DoAsync(new LedgerJob(Guid.Empty, [], static _ => { }), CancellationToken.None);
        await done.Task;
    }

    /// <summary>Takes no more.</summary>
    /// <returns>Whether it took some until now.</returns>
    public bool Close() => _jobs.Writer.TryComplete();

    /// <summary>Ends after what was handed over until it was closed.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        await _writing;
        await _checkpoints.DisposeAsync();
        // Whoever copies the file alone after this has everything.
        _group?.Connection.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        _group?.Dispose();
    }

    private async Task WriteAsync()
    {
        var jobs = new List<LedgerJob>();
        while (await _jobs.Reader.WaitToReadAsync())
        {
            jobs.Clear();
            for (var count = 0; count < MostInGroup && _jobs.Reader.TryRead(out var job); count += Math.Max(1, job.Entries.Length))
            {
                jobs.Add(job);
            }

            try
            {
                Commit(jobs);
            }
            catch (Exception e)
            {
                // Nobody stands above the one writer: if it ended, whoever writes would wait for ever.
                _log.LogCritical(e, "Writing the ledger broke by a mistake of the dashboard; it goes on with what comes next");
                Refuse(jobs, e);
            }

            while (_purges.TryDequeue(out var purge))
            {
                await _checkpoints.RestAsync();
                Purge(purge);
            }
        }
    }

    // Those that are done stay done.
    private static void Refuse(List<LedgerJob> jobs, Exception why) => jobs.ForEach(job => job.Done.TrySetException(LedgerUnavailableException.Writing(why)));

    private void Purge(TaskCompletionSource done)
    {
        try
        {
            var connection = Opened().Connection;
            connection.Run("VACUUM");
            if (connection.Ask<long>("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
            {
                throw new LedgerDamagedException("It was taken out of the ledger, but stays in its file while somebody reads that, as a check or an export does. It goes with the next text that is taken out, or when the dashboard is restarted.");
            }

            done.TrySetResult();
        }
        catch (LedgerDamagedException read)
        {
            done.TrySetException(read);
        }
        catch (Exception e)
        {
            done.TrySetException(new LedgerDamagedException($"The file of the ledger could not be written anew: {e.Message}", e));
        }
    }

    private void Commit(List<LedgerJob> jobs)
    {
        try
        {
            foreach (var (job, outcome) in jobs.Zip(Opened().Commit(jobs)))
            {
                job.Complete(outcome);
            }
        }
        catch (Exception e)
        {
            // What is in memory may be ahead of the disk: it is read again with the next jobs. That may fail too, as long as the disk does.
            var mayHaveCommitted = _group?.IsCommitting == true;
            var broken = _group;
            _group = null;
            broken?.Dispose();
            if (jobs.Count > 1 && !mayHaveCommitted)
            {
                // One of them cannot be done, and nothing was: each is done by itself, so that it fails alone.
                jobs.ForEach(job => Commit([job]));
                return;
            }

            _log.LogError(e, "The ledger could not be written");
            Refuse(jobs, e);
            return;
        }

        foreach (var tenant in jobs.Where(static job => job.Entries.Length > 0).Select(static job => job.Tenant).Distinct())
        {
            Grown.Tell(tenant);
        }

        _checkpoints.AfterCommit(Opened().Connection);
    }

    private LedgerGroup Opened() => _group ??= new LedgerGroup(_file.OpenForWriting(), _logs, _guard);
}
