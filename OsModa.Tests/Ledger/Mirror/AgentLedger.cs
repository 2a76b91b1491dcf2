using System.Globalization;
using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>The database that osModa's agentd keeps, written by SQLite as agentd writes it: WAL, one transaction an event, a search index beside it.</summary>
internal sealed class AgentLedger : IDisposable
{
    private readonly string _file;
    private readonly ChainFormat _format;
    // An event a millisecond from then on: one that claims to be much older than the reading before it would be told.
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();
    private SqliteConnection _connection;

    public AgentLedger(string folder, ChainFormat format = ChainFormat.Piped)
    {
        (_file, _format) = (Path.Combine(folder, "ledger.db"), format);
        _connection = Open();
        _connection.Run(
            """
            CREATE TABLE IF NOT EXISTS events(id INTEGER PRIMARY KEY AUTOINCREMENT, ts TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), type TEXT NOT NULL, actor TEXT NOT NULL,
              payload TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS schema_version(id INTEGER PRIMARY KEY, version INTEGER NOT NULL);
            CREATE VIRTUAL TABLE IF NOT EXISTS events_fts USING fts5(type, actor, payload, tokenize = 'porter unicode61');
            """);
        _connection.Run("INSERT OR REPLACE INTO schema_version VALUES(1, ?1)", format == ChainFormat.Piped ? 3 : 1);
    }

    public void Append(int count, string payload = "{\"summary\":\"naïve | pipe ✓\"}", string type = "memory.store")
    {
        using var transaction = _connection.BeginTransaction();
        for (var i = 0; i < count; i++)
        {
            var (id, previous) = Next();
            Insert(new UpstreamEvent(id, Time(_start + TimeSpan.FromMilliseconds(id)), type, "agentd", payload, previous));
        }

        transaction.Commit();
    }

    /// <summary>One event that says it was then.</summary>
    public void AppendAt(DateTimeOffset at)
    {
        var (id, previous) = Next();
        Insert(new UpstreamEvent(id, Time(at), "memory.store", "agentd", "{}", previous));
    }

    /// <summary>Hashes everything anew from an event on, all at once: as root, or as agentd does when its format changes.</summary>
    public void Rehash(long from, ChainFormat format)
    {
        using var transaction = _connection.BeginTransaction();
        var previous = from == 1 ? TreeHash.Zero : Parse(_connection.Ask<string>("SELECT hash FROM events WHERE id = ?1", from - 1)!);
        foreach (var e in _connection.List(
            static row => new UpstreamEvent(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), TreeHash.Zero), "SELECT id, ts, type, actor, payload FROM events WHERE id >= ?1 ORDER BY id", from))
        {
            var linked = e with { PreviousHash = previous };
            previous = linked.Hash(format);
            _connection.Run("UPDATE events SET prev_hash = ?2, hash = ?3 WHERE id = ?1", e.Id, linked.PreviousHash.ToHex(), previous.ToHex());
        }

        _connection.Run("UPDATE schema_version SET version = ?1", format == ChainFormat.Piped ? 3 : 1);
        transaction.Commit();
    }

    /// <summary>First page of a table.</summary>
    public long Root(string table) => _connection.Ask<long>("SELECT rootpage FROM sqlite_schema WHERE name = ?1", table);

    public void Run(string sql) => _connection.Run(sql);

    /// <summary>Writes what is in the log into the file, as agentd's SQLite does every thousand pages.</summary>
    public void Checkpoint() => _connection.Run("PRAGMA wal_checkpoint(PASSIVE)");

    public void Backup(string to) => _connection.Run("VACUUM INTO ?1", to);

    /// <summary>agentd stops, the file is exchanged, agentd starts.</summary>
    public void Restore(string from)
    {
        _connection.Dispose();
        File.Delete(_file + "-wal");
        File.Delete(_file + "-shm");
        File.Copy(from, _file, overwrite: true);
        _connection = Open();
    }

    public void Dispose() => _connection.Dispose();

    private void Insert(UpstreamEvent e)
    {
        // A text is given as bytes, because it would end at a NUL otherwise.
        _connection.Run("INSERT INTO events(ts, type, actor, payload, prev_hash, hash) VALUES(?1, CAST(?2 AS TEXT), ?3, ?4, ?5, ?6)", e.Ts, System.Text.Encoding.UTF8.GetBytes(e.Type), e.Actor, e.Payload, e.PreviousHash.ToHex(), e.Hash(_format).ToHex());
        _connection.Run("INSERT INTO events_fts(type, actor, payload) VALUES(?1, ?2, ?3)", e.Type, e.Actor, e.Payload);
    }

    private (long Id, TreeHash Previous) Next() => (
        (_connection.Ask<object>("SELECT seq FROM sqlite_sequence WHERE name = 'events'") as long? ?? 0) + 1,
        Parse(_connection.Ask<string>("SELECT hash FROM events ORDER BY id DESC LIMIT 1") ?? TreeHash.Zero.ToHex()));

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static TreeHash Parse(string hex) => TreeHash.TryParseHex(System.Text.Encoding.ASCII.GetBytes(hex), out var hash) ? hash : throw new FormatException(hex);

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_file};Pooling=False");
        connection.Open();
        connection.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        return connection;
    }
}
