using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using OsModa.Tests.Lab;

namespace OsModa.E2E.Ledger;

/// <summary>The database that osModa's agentd keeps of what its agents do, as its sources have it: SQLite, each event hashed with the hash of the one before. Written here, put on a server that has no SQLite.</summary>
internal sealed class AgentdLedger : IDisposable
{
    private const int CommandLine = 100_000;    // bytes that one is sure to hold

    private readonly LabServer _server;
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"osmoda-agentd-{Guid.NewGuid():N}.db");
    private readonly SqliteConnection _connection;
    private string _previous = new('0', 64);
    private int _count;

    public AgentdLedger(LabServer server)
    {
        _server = server;
        _connection = new SqliteConnection($"Data Source={_file};Pooling=False");
        _connection.Open();
        Run("""
            PRAGMA journal_mode = DELETE;
            CREATE TABLE events(id INTEGER PRIMARY KEY AUTOINCREMENT, ts TEXT NOT NULL, type TEXT NOT NULL, actor TEXT NOT NULL, payload TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
            CREATE TABLE schema_version(id INTEGER PRIMARY KEY, version INTEGER NOT NULL);
            INSERT INTO schema_version VALUES(1, 3);
            """);
    }

    /// <summary>One more event, of now.</summary>
    public void Append(string type, string payload)
    {
        var time = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{++_count}|{time}|{type}|agentd|{payload}|{_previous}")));
        Run("INSERT INTO events(ts, type, actor, payload, prev_hash, hash) VALUES($0, $1, 'agentd', $2, $3, $4)", time, type, payload, _previous, hash);
        _previous = hash;
    }

    /// <summary>Changes what an event says and nothing else, as somebody with root could.</summary>
    public void Edit(int id, string payload) => Run("UPDATE events SET payload = $0 WHERE id = $1", payload, id);

    /// <summary>As it is now it comes to the server.</summary>
    public async Task PutAsync()
    {
        await _server.ShellAsync("mkdir -p /var/lib/osmoda; : >/var/lib/osmoda/ledger.db.new");
        foreach (var part in Convert.ToBase64String(await File.ReadAllBytesAsync(_file)).Chunk(CommandLine))
        {
            await _server.ShellAsync($"printf %s '{new string(part)}' | base64 -d >>/var/lib/osmoda/ledger.db.new");
        }

        await _server.ShellAsync("cd /var/lib/osmoda; cat ledger.db.new >ledger.db; rm ledger.db.new");
    }

    public void Dispose()
    {
        _connection.Dispose();
        File.Delete(_file);
    }

    private void Run(string sql, params object[] values)
    {
        using var command = new SqliteCommand(sql, _connection);
        foreach (var (i, value) in values.Index())
        {
            command.Parameters.AddWithValue($"${i}", value);
        }

        command.ExecuteNonQuery();
    }
}
