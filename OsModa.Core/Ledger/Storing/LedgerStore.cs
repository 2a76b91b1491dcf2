using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Storing;

/// <summary>ledger.db, held for writing by this process: what is handed to the ledger, and what is asked of its logs.</summary>
public sealed class LedgerStore : IAsyncDisposable
{
    private readonly LedgerFile _file;
    private readonly LedgerSettings _settings;
    private readonly LedgerWriting _writing;
    private readonly LogDirectory _logs;

    /// <exception cref="Core.Storage.StartRefusedException">Another process writes it, it is damaged, or of a newer version.</exception>
    public LedgerStore(LedgerSettings settings, ILogger<LedgerStore> log)
    {
        _settings = settings;
        _file = LedgerFile.Hold(settings);
        Guard = new ForkGuard(settings.GuardFolder);
        Keys = new LogKeys(settings.KeyFolder, WasSigned);
        _logs = new LogDirectory(settings, _file, Guard);
        _writing = new LedgerWriting(_file, _logs, Guard, log);
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

        return await _writing.DoAsync(new LedgerJob(tenant, ReadyEntry.Of(records), with), cancellationToken);
    }

    /// <summary>
    /// After the database was found to be older than what was signed: goes on in a new log with a new name. Its first record says who wanted that, why, and from where to where the
    /// break goes; the old log stays as it is, with the checkpoints that were signed.
    /// </summary>
    public Task BeginEpochAsync(Guid tenant, ActionBody who, DateTimeOffset now) =>
        RunAsync(group => group.BeginEpoch(tenant, NewRecord.Of(RecordKind.EpochStart, who with { Verb = "ledger.begin-epoch", Details = EpochBreak.Tell(who.Details, this, group, Newest(tenant)) }, tenant, now)));

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
    public IDisposable Subscribe(Action<Guid> grown) => _writing.Grown.Add(grown);

    /// <summary>All logs, ended epochs too.</summary>
    public IReadOnlyList<LogName> Logs() => _logs.All();

    /// <summary>Writes the file anew, so that nothing is left in it of what was deleted, in the writer's turn. Takes a second for some hundred megabytes.</summary>
    internal Task PurgeAsync() => _writing.PurgeAsync();

    /// <summary>Calls for those who listen to <see cref="Subscribe"/>, after <see cref="RunAsync"/> changed a log.</summary>
    internal void TellGrown(Guid tenant) => _writing.Grown.Tell(tenant);

    /// <summary>Does something else in the writer's turn and transaction.</summary>
    internal Task RunAsync(Action<LedgerGroup> work) => _writing.DoAsync(new LedgerJob(Guid.Empty, [], work), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (!_writing.Close())
        {
            return;    // it was closed before
        }

        await _writing.DisposeAsync();
        _file.Dispose();
    }

    private bool WasSigned(LogName log)
    {
        using var connection = _file.OpenForReading();
        return Guard.Has(log) || connection.Ask<long>("SELECT EXISTS(SELECT 1 FROM checkpoint WHERE log = ?1)", log.Id) == 1;
    }
}
