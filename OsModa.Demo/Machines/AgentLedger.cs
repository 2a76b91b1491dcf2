using System.Globalization;
using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Demo.Machines;

/// <summary>
/// The ledger that osModa's agentd keeps on a server, in the very database that it writes: SQLite, each event hashed with the hash of the one before. It is a file because a kept data folder has
/// copies of it, which a ledger that began anew would contradict.
/// </summary>
internal sealed class AgentLedger : IDisposable
{
    private readonly string _file;
    private readonly SqliteConnection _connection;
    private TreeHash _last;

    /// <param name="file">Opened as it is where it exists.</param>
    public AgentLedger(string file)
    {
        _file = file;
        _connection = new SqliteConnection($"Data Source={file};Pooling=False");
        _connection.Open();
        _connection.Run(
            """
            PRAGMA journal_mode = MEMORY;
            PRAGMA synchronous = OFF;
            CREATE TABLE IF NOT EXISTS events(id INTEGER PRIMARY KEY AUTOINCREMENT, ts TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), type TEXT NOT NULL, actor TEXT NOT NULL,
              payload TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS schema_version(id INTEGER PRIMARY KEY, version INTEGER NOT NULL);
            INSERT OR REPLACE INTO schema_version VALUES(1, 3);
            """);
        Count = _connection.Ask<long>("SELECT coalesce(max(id), 0) FROM events");
        _last = Count > 0 && TreeHash.TryParseHex(System.Text.Encoding.ASCII.GetBytes(_connection.Ask<string>("SELECT hash FROM events WHERE id = ?1", Count) ?? ""), out var last) ? last : TreeHash.Zero;
    }

    /// <summary>Events in it; their numbers begin at 1.</summary>
    public long Count { get; private set; }

    /// <summary>When it was written last, in microseconds since 1970.</summary>
    public long WrittenAt { get; private set; }

    /// <summary>Adds events, as one.</summary>
    public void Write(IEnumerable<AgentEvent> events)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var happened in events)
        {
            var time = DateTimeOffset.UnixEpoch.AddMicroseconds(happened.At).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            var row = new UpstreamEvent(++Count, time, happened.Type, happened.Actor, happened.Payload, _last);
            _last = row.Hash(ChainFormat.Piped);
            _connection.Run("INSERT INTO events(ts, type, actor, payload, prev_hash, hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", row.Ts, row.Type, row.Actor, row.Payload, row.PreviousHash.ToHex(), _last.ToHex());
            WrittenAt = happened.At;
        }

        transaction.Commit();
    }

    /// <summary>Somebody with root makes an event say something else, and leaves its hash as it is.</summary>
    public void Falsify(long id, string payload, long at)
    {
        _connection.Run("UPDATE events SET payload = ?2 WHERE id = ?1", id, payload);
        WrittenAt = at;
    }

    /// <summary>What lies on the disk.</summary>
    public byte[] ReadFile() => File.ReadAllBytes(_file);

    public void Dispose() => _connection.Dispose();
}

/// <summary>Something that agentd writes down.</summary>
/// <param name="At">Microseconds since 1970.</param>
/// <param name="Type">As osModa names it.</param>
/// <param name="Actor">Who, as osModa says.</param>
/// <param name="Payload">JSON.</param>
internal readonly record struct AgentEvent(long At, string Type, string Actor, string Payload);
