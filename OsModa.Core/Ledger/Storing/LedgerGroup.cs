using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Commits groups of jobs, each group in one transaction, and holds the growing ends of the logs in between.</summary>
internal sealed class LedgerGroup(SqliteConnection connection, LogDirectory logs, ForkGuard guard) : IDisposable
{
    private readonly Dictionary<Guid, LogState> _states = [];
    private readonly EntryRows _entries = new(connection);
    private readonly TreeRows _tree = new(connection);
    private readonly ChainEnds _chains = new(connection);
    private readonly HashSet<LogState> _changed = [];
    private readonly List<LogName> _added = [];

    public SqliteConnection Connection => connection;

    /// <summary>All that was to be done was done, and it is not known whether it is on the disk: it must not be tried again.</summary>
    public bool IsCommitting { get; private set; }

    /// <summary>What became of each job, in their order. What is thrown undid all of them.</summary>
    public List<JobOutcome> Commit(IReadOnlyList<LedgerJob> jobs)
    {
        IsCommitting = false;
        var outcomes = new List<JobOutcome>();
        _changed.Clear();
        _added.Clear();
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            foreach (var job in jobs)
            {
                outcomes.Add(Do(job));
            }

            foreach (var state in _changed)
            {
                state.Save(connection);
            }

            _chains.Save();
            IsCommitting = true;
            transaction.Commit();
        }

        _added.ForEach(logs.Remember);
        return outcomes;
    }

    public void Dispose()
    {
        _entries.Dispose();
        _tree.Dispose();
        connection.Dispose();
    }

    /// <summary>Begins the next epoch of an organisation's log, with a record that says why.</summary>
    public void BeginEpoch(Guid tenant, NewRecord first)
    {
        var state = LogState.Load(connection, _tree, Add(tenant));
        _states[tenant] = state;
        Append(state, ReadyEntry.Of(first));
        _changed.Add(state);
    }

    /// <summary>Where a log ends with what this group has added to it so far; null when it is as it stands on the disk.</summary>
    public (long Size, TreeHash Root)? EndOf(LogName log) => _states.TryGetValue(log.Tenant, out var state) && state.Name.Origin == log.Origin ? (state.Size, state.Edge.Root()) : null;

    /// <summary>Appends a record that has to know its own number.</summary>
    /// <exception cref="ForkGuardException">The log must not be written.</exception>
    public long Append(Guid tenant, Func<LogName, long, NewRecord> make) => Change(tenant) is var state ? Append(state, ReadyEntry.Of(make(state.Name, state.Size))) : 0;

    /// <summary>The growing end of a log, which is saved with the transaction.</summary>
    /// <exception cref="ForkGuardException">The log must not be written.</exception>
    public LogState Change(Guid tenant)
    {
        var state = StateOf(tenant);
        _changed.Add(state);
        return state;
    }

    /// <summary>The end of a log that has ended: nothing is appended to it, and what is replaced in it has to be saved by whoever does that.</summary>
    /// <exception cref="LedgerDamagedException">It is not what it was.</exception>
    public LogState Ended(LogName log) => LogState.Load(connection, _tree, log);

    private JobOutcome Do(LedgerJob job)
    {
        if (job.Entries.Length == 0)
        {
            return Work(job);
        }

        LogState state;
        try
        {
            state = StateOf(job.Tenant);
        }
        catch (LedgerDamagedException e)
        {
            return new JobOutcome([], e);    // this log alone
        }

        _changed.Add(state);
        var numbers = Array.ConvertAll(job.Entries, entry => Append(state, entry));
        job.Work?.Invoke(this);
        return new JobOutcome(numbers);
    }

    private JobOutcome Work(LedgerJob job)
    {
        try
        {
            job.Work?.Invoke(this);
            return new JobOutcome([]);
        }
        catch (ForkGuardException e)
        {
            return new JobOutcome([], e);    // it is thrown before anything was changed
        }
    }

    private LogState StateOf(Guid tenant)
    {
        if (!_states.TryGetValue(tenant, out var state))
        {
            state = LogState.Load(connection, _tree, logs.Newest(tenant) ?? Add(tenant));
            ForkCheck.Demand(connection, state, guard);
            _states[tenant] = state;
        }

        return state;
    }

    private LogName Add(Guid tenant)
    {
        var log = _added.Find(log => log.Tenant == tenant) ?? logs.Add(connection, tenant);
        _added.Add(log);
        return log;
    }

    private long Append(LogState state, ReadyEntry entry)
    {
        var record = entry.Record;
        var flags = entry.Event is null ? EventFlags.None : entry.Flags(_chains.Last(record.Source, record.Epoch));
        if (!_entries.TryInsert(state.Name.Id, state.Size, record, flags))
        {
            return -1;
        }

        if (entry.IsInChain)
        {
            _chains.Advance(record.Source, record.Epoch, record.SourceId ?? 0, record.ChainHash);
        }

        if (entry.IsBeside)
        {
            connection.Run("INSERT OR IGNORE INTO side(log, sha256, data) VALUES(?1, ?2, ?3)", state.Name.Id, entry.BodyHash.ToArray(), record.Body);
        }

        return state.Append(entry.Bytes, entry.Leaf);
    }
}
