using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;

namespace OsModa.Tests.Ledger;

/// <summary>A ledger in a folder of its own: opened, closed, damaged and opened again.</summary>
internal sealed class TestLedger : IAsyncDisposable
{
    public const string Host = "ledger.example";
    public static readonly Guid Ours = new("11111111-1111-7111-8111-111111111111");
    public static readonly Guid Theirs = new("22222222-2222-7222-8222-222222222222");
    public static readonly Guid Server = new("33333333-3333-7333-8333-333333333333");
    private readonly string _place;
    private readonly bool _isOwn;

    public TestLedger(string? place = null)
    {
        _isOwn = place is null;
        _place = place ?? Directory.CreateTempSubdirectory("osmoda-ledger-").FullName;
        Settings = SettingsIn(_place);
        Open();
    }

    public LedgerSettings Settings { get; }

    public static LedgerSettings SettingsIn(string place) => LedgerSettings.In(new StorageSettings { Folder = Path.Combine(place, "data") }, Host);

    public HandClock Clock { get; } = new();

    public LedgerStore Store { get; private set; } = null!;

    public Publisher Publisher { get; private set; } = null!;

    public LedgerQueries Queries { get; private set; } = null!;

    public LedgerWriter Writer { get; private set; } = null!;

    public VerifierKey Key
    {
        get
        {
            using var reader = Store.Open(Ours)!;
            return Store.CurrentKey(reader);
        }
    }

    /// <summary>So many actions, one after the other.</summary>
    public async Task ActAsync(int count, Guid? tenant = null)
    {
        var start = Store.Open(tenant ?? Ours) is { } reader ? Size(reader) : 0;
        await Store.AppendAsync(
            tenant ?? Ours,
            [.. Enumerable.Range(0, count).Select(i => NewRecord.Of(RecordKind.Intent, new ActionBody { Verb = "test.act", Who = "Ann", Text = $"number {start + i}" }, Ours, Clock.GetUtcNow()))],
            default);
    }

    /// <summary>Events 1 to <paramref name="count"/> of a server, correctly linked.</summary>
    public static IEnumerable<ChainRow> Chain(int count)
    {
        var previous = TreeHash.Zero;
        for (var id = 1; id <= count; id++)
        {
            var e = new UpstreamEvent(id, "2026-01-15T11:59:00.000Z", "nixos.switch", "agentd", $"{{\"n\":{id}}}", previous);
            previous = e.Hash(ChainFormat.Piped);
            yield return new ChainRow(e, previous);
        }
    }

    public Task SignAsync() => Publisher.PublishAsync(default);

    public CheckReport Check(params VerifierKey[] keys)
    {
        using var reader = Store.Open(Ours)!;
        return DatabaseCheck.Run(reader, new LogTrust(keys.Length == 0 ? [Key] : [.. keys]));
    }

    /// <summary>Does something to the database behind the ledger's back, triggers out of the way.</summary>
    public void Tamper(string sql, params object[] values)
    {
        using var connection = new SqliteConnection($"Data Source={Settings.File};Pooling=False");
        connection.Open();
        foreach (var trigger in connection.List(row => row.GetString(0), "SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
        {
            connection.Run($"DROP TRIGGER {trigger}");
        }

        connection.Run(sql, values);
    }

    public T Ask<T>(string sql)
    {
        using var connection = LedgerFile.OpenForReading(Settings.File);
        return connection.Ask<T>(sql)!;
    }

    public async Task ReopenAsync(Action? inBetween = null)
    {
        await CloseAsync();
        inBetween?.Invoke();
        Open();
    }

    public async Task CloseAsync()
    {
        await Store.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_isOwn)
        {
            Directory.Delete(_place, recursive: true);
        }
    }

    private static long Size(LogReader reader)
    {
        using (reader)
        {
            return reader.Size;
        }
    }

    private void Open()
    {
        Store = new LedgerStore(Settings, NullLogger<LedgerStore>.Instance);
        Publisher = new Publisher(Store, Clock, NullLogger<Publisher>.Instance);
        Queries = new LedgerQueries(Store, Publisher);
        Writer = new LedgerWriter(Store, Clock, NullLogger<LedgerWriter>.Instance);
    }
}
