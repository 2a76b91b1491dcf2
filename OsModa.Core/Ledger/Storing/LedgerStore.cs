using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// The one writer of ledger.db. What callers hand over waits in a channel; a task takes what is there, up to <see cref="MostInGroup"/> records, and commits it
/// together. While the disk is busy with one group the next one gathers, so that nobody waits for company.
/// </summary>
public sealed class LedgerStore : IAsyncDisposable
{
    public const int MostInGroup = 512;

    private readonly LedgerFile _file;
    private readonly LedgerSettings _settings;
    private readonly ILogger<LedgerStore> _log;
    private readonly Channel<LedgerJob> _jobs = Channel.CreateBounded<LedgerJob>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly Task _writing;
    private readonly LogDirectory _logs;
    private readonly Listeners<Guid> _grown = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _purges = new();
    private readonly WalCheckpoints _checkpoints;
    private LedgerGroup? _group;

    /// <exception cref="Core.Storage.StartRefusedException">Another process writes it, it is damaged, or of a newer version.</exception>
    public LedgerStore(LedgerSettings settings, ILogger<LedgerStore> log)
    {
        (_settings, _log) = (settings, log);
        _file = LedgerFile.Hold(settings);
        Guard = new ForkGuard(settings.GuardFolder);
        Keys = new LogKeys(settings.KeyFolder, WasSigned);
        _logs = new LogDirectory(settings, _file, Guard);
        _checkpoints = new WalCheckpoints(_file);
        _group = new LedgerGroup(_file.OpenForWriting(), _logs, Guard);
        _writing = Task.Run(WriteAsync);
    }

    internal ForkGuard Guard { get; }

    /// <summary>Bytes that are left on the disk of the database.</summary>
    internal long FreeBytes => new DriveInfo(Path.GetDirectoryName(_settings.File)!).AvailableFreeSpace;

    internal LogKeys Keys { get; }

    /// <summary>Appends records to an organisation's log, all or none.</summary>
    /// <returns>Their numbers, once they are on the disk; -1 for an event that was there already.</returns>
    /// <exception cref="LedgerDamagedException">The log must not be written; nothing was.</exception>
    public Task<long[]> AppendAsync(Guid tenant, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken) => AppendAsync(tenant, records, null, cancellationToken);

    /// <summary>The same, and something else in the same transaction; that is done too when there are no records.</summary>
    internal async Task<long[]> AppendAsync(Guid tenant, IReadOnlyList<NewRecord> records, Action<LedgerGroup>? with, CancellationToken cancellationToken)
    {
        if (records.FirstOrDefault(static record => record.Body.Length > LedgerRecord.MostBodyBytes) is { } long1)
        {
            throw new ArgumentException($"A record's body has at most {LedgerRecord.MostBodyBytes} bytes, not {long1.Body.Length}.", nameof(records));
        }

        var job = new LedgerJob(tenant, ReadyEntry.Of(records), with);
        await _jobs.Writer.WriteAsync(job, cancellationToken);
        return await job.Done.Task;
    }

    /// <summary>
    /// After the database was found to be older than what was signed: goes on in a new log with a new name. Its first record says who wanted that, why, and from where to where the
    /// break goes; the old log stays as it is, with the checkpoints that were signed.
    /// </summary>
    public Task BeginEpochAsync(Guid tenant, ActionBody who, DateTimeOffset now) =>
        RunAsync(group => group.BeginEpoch(tenant, NewRecord.Of(RecordKind.EpochStart, who with { Verb = "ledger.begin-epoch", Details = Ended(group, tenant, who.Details) }, tenant, now)));

    // In the writer's turn, so that nothing comes to the old log after its end was told.
    private ImmutableSortedDictionary<string, string> Ended(LedgerGroup group, Guid tenant, ImmutableSortedDictionary<string, string> details)
    {
        if (_logs.Newest(tenant) is { } old)
        {
            using var reader = Open(old);
            var (size, root) = group.EndOf(old) is { } end ? (end.Size, end.Root.ToBase64()) : (reader.Size, Told(() => reader.Root.ToBase64()));
            details = details.SetItem("endedOrigin", old.Origin).SetItem("endedSize", size.ToString(CultureInfo.InvariantCulture)).SetItem("endedRoot", root);
            if (Told(() => Guard.Read(old) is { } signed ? $"{signed.Size} {signed.Root.ToBase64()}" : "") is { Length: > 0 } told)
            {
                details = details.SetItem("signedSize", told.Split(' ')[0]).SetItem("signedRoot", told.Split(' ')[^1]);
            }

            foreach (var lost in Guard.Later(old))
            {
                details = details.SetItem($"lostEpoch{lost.Epoch}", Told(() => Guard.Read(lost) is { } signed ? $"{lost.Origin} {signed.Size} {signed.Root.ToBase64()}" : lost.Origin));
            }
        }

        return details;
    }

    // What is damaged is why a new epoch begins, and must not keep it from beginning.
    private static string Told(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (LedgerDamagedException)
        {
            return EpochEnd.Damaged;
        }
    }

    /// <summary>The log of an organisation that is written now; null before its first record.</summary>
    public LogName? Newest(Guid tenant) => _logs.Newest(tenant);

    /// <summary>Opens that for reading; null before its first record.</summary>
    public LogReader? Open(Guid tenant) => _logs.Newest(tenant) is { } log ? Open(log) : null;

    /// <summary>Opens that of an epoch, or the newest one; null when there is none.</summary>
    public LogReader? Open(Guid tenant, uint? epoch) => epoch is null ? Open(tenant) : Logs().FirstOrDefault(log => log.Tenant == tenant && log.Epoch == epoch) is { } log ? Open(log) : null;

    /// <summary>How and why a log has ended; null for the newest of an organisation.</summary>
    public EpochEnd? EndOf(LogName log) => EpochEnd.Of(log, Logs(), Open);

    /// <summary>Which of the keys that we know of a log its heads have to be signed with.</summary>
    public KeyChain KeysOf(LogReader log) => KeyChain.Of(log.Origin, Keys.Known(log.Log), log.KeyChanges());

    /// <summary>What the next head is signed with.</summary>
    public VerifierKey CurrentKey(LogReader log) => log.LastKeyChange()?.New ?? Keys.Known(log.Log)[0];

    /// <summary>What is kept beside the logs.</summary>
    internal SqliteConnection OpenForReading() => _file.OpenForReading();

    public LogReader Open(LogName log) => new(_file.OpenForReading(), log);

    /// <summary>Calls <paramref name="grown"/> with an organisation after records of it are on the disk, on the writer's thread: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<Guid> grown) => _grown.Add(grown);

    /// <summary>All logs, ended epochs too.</summary>
    public IReadOnlyList<LogName> Logs() => _logs.All();

    /// <summary>Writes the file anew, so that nothing is left in it of what was deleted, in the writer's turn. Takes a second for some hundred megabytes.</summary>
    internal async Task PurgeAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _purges.Enqueue(done);
        await RunAsync(static _ => { });
        await done.Task;
    }

    /// <summary>Calls for those who listen to <see cref="Subscribe"/>, after <see cref="RunAsync"/> changed a log.</summary>
    internal void TellGrown(Guid tenant) => _grown.Tell(tenant);

    /// <summary>Does something else in the writer's turn and transaction.</summary>
    internal async Task RunAsync(Action<LedgerGroup> work)
    {
        var job = new LedgerJob(Guid.Empty, [], work);
        await _jobs.Writer.WriteAsync(job);
        await job.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_jobs.Writer.TryComplete())
        {
            return;    // it was closed before
        }

        await _writing;
        await _checkpoints.DisposeAsync();
        // Whoever copies the file alone after this has everything.
        _group?.Connection.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        _group?.Dispose();
        _file.Dispose();
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
            _grown.Tell(tenant);
        }

        _checkpoints.AfterCommit(Opened().Connection);
    }

    private bool WasSigned(LogName log)
    {
        using var connection = _file.OpenForReading();
        return Guard.Has(log) || connection.Ask<long>("SELECT EXISTS(SELECT 1 FROM checkpoint WHERE log = ?1)", log.Id) == 1;
    }

    private LedgerGroup Opened() => _group ??= new LedgerGroup(_file.OpenForWriting(), _logs, Guard);
}

/// <summary>What waits for the writer: records, something else to do, or both together.</summary>
internal sealed record LedgerJob(Guid Tenant, ReadyEntry[] Entries, Action<LedgerGroup>? Work)
{
    public TaskCompletionSource<long[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Complete(JobOutcome outcome)
    {
        if (outcome.Refused is { } refused)
        {
            Done.TrySetException(refused);
        }
        else
        {
            Done.TrySetResult(outcome.Numbers);
        }
    }
}

/// <param name="Numbers">Of the entries.</param>
/// <param name="Refused">Why this job alone was not done.</param>
internal sealed record JobOutcome(long[] Numbers, Exception? Refused = null);
