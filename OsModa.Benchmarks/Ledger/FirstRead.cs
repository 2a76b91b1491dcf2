using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Tests.Ledger;
using OsModa.Tests.Ledger.Mirror;

namespace OsModa.Benchmarks.Ledger;

/// <summary>The first reading of a server's long chain: agentd's own table, read by the script that servers are given (here without SSH between), copied into the ledger, verified, and on the disk.</summary>
internal static class FirstRead
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(int events)
    {
        var folder = Directory.CreateTempSubdirectory("osmoda-bench-agentd-").FullName;
        try
        {
            Write(Path.Combine(folder, "ledger.db"), events);
            await using var ledger = new TestLedger();
            using var stop = new CancellationTokenSource();
            var server = new Server { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch };
            var mirror = new ChainMirror(server, ledger.Store, (_, _) => ValueTask.FromResult<IRemoteShell>(new LocalShell(folder)), TimeProvider.System, NullLogger.Instance);
            var running = mirror.RunAsync(stop.Token);
            var began = Stopwatch.GetTimestamp();
            mirror.Mark();
            while (mirror.Standing is not { Status: ChainStatus.Verified } standing || standing.Copied < events)
            {
                await Task.Delay(Pause);
                Report.Say($"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: {mirror.Standing?.Status} {mirror.Standing?.Copied}");
            }

            var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
            Report.Metric("ledger.first_read", took, "s");
            Report.Metric("ledger.first_read.rate", events / took, "events/s");
            await stop.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string file, int events)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        connection.Run(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE events(id INTEGER PRIMARY KEY AUTOINCREMENT, ts TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), type TEXT NOT NULL, actor TEXT NOT NULL,
              payload TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
            CREATE TABLE schema_version(id INTEGER PRIMARY KEY, version INTEGER NOT NULL);
            INSERT INTO schema_version VALUES(1, 3);
            """);
        using var transaction = connection.BeginTransaction();
        using var insert = Sql.Command(connection, "INSERT INTO events(ts, type, actor, payload, prev_hash, hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", ["", "", "", "", "", ""]);
        foreach (var (e, hash) in SampleChain.Rows(events))
        {
            foreach (var (i, text) in new[] { e.Ts, e.Type, e.Actor, e.Payload, e.PreviousHash.ToHex(), hash.ToHex() }.Index())
            {
                insert.Parameters[i].Value = text;
            }

            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
