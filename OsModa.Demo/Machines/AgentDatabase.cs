using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Storing;
using SQLitePCL;

namespace OsModa.Demo.Machines;

/// <summary>The database in which agentd keeps its chain, made by SQLite in memory. The search index that it has beside the events is left out: it is in no answer.</summary>
internal sealed class AgentDatabase : IDisposable
{
    private const int WriteVersion = 18, ReadVersion = 19;
    private const byte WithLog = 2;

    private readonly SqliteConnection _connection = new("Data Source=:memory:;Pooling=False");
    private long _id;
    private TreeHash _hash = TreeHash.Zero;

    public AgentDatabase()
    {
        _connection.Open();
        _connection.Run(
            """
            CREATE TABLE IF NOT EXISTS events(id INTEGER PRIMARY KEY AUTOINCREMENT, ts TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), type TEXT NOT NULL, actor TEXT NOT NULL,
              payload TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS schema_version(id INTEGER PRIMARY KEY, version INTEGER NOT NULL);
            INSERT INTO schema_version VALUES(1, 3);
            """);
    }

    /// <summary>Writes these events behind those that are there, all at once.</summary>
    public void Append(IEnumerable<(DateTimeOffset At, AgentDeed Deed)> deeds)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var (at, deed) in deeds)
        {
            var e = new UpstreamEvent(++_id, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), deed.Type, deed.Actor, deed.Payload, _hash);
            _hash = e.Hash(ChainFormat.Piped);
            _connection.Run("INSERT INTO events(ts, type, actor, payload, prev_hash, hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", e.Ts, e.Type, e.Actor, e.Payload, e.PreviousHash.ToHex(), _hash.ToHex());
        }

        transaction.Commit();
    }

    /// <summary>Puts other words into the newest event of a type, as whoever is root can: its hash stays.</summary>
    public void Reword(string type, string was, string becomes) =>
        _connection.Run("UPDATE events SET payload = replace(payload, ?2, ?3) WHERE id = (SELECT max(id) FROM events WHERE type = ?1)", type, was, becomes);

    /// <summary>All pages, as the file would have them.</summary>
    public byte[] Pages()
    {
        var copy = raw.sqlite3_serialize(_connection.Handle!, "main", out var length, 0);
        try
        {
            var pages = new byte[length];
            Marshal.Copy(copy, pages, 0, pages.Length);
            // In memory there is no log; agentd's database has one, and says so in its first page.
            pages[WriteVersion] = pages[ReadVersion] = WithLog;
            return pages;
        }
        finally
        {
            raw.sqlite3_free(copy);
        }
    }

    public void Dispose() => _connection.Dispose();
}
