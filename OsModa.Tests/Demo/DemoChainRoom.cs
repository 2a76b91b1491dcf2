using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;
using OsModa.Demo.Life;
using OsModa.Demo.Machines;
using OsModa.Tests.Ledger;
using Xunit;

namespace OsModa.Tests.Demo;

/// <summary>The chains of simulated servers, read by the mirror that reads those of real ones.</summary>
public abstract class DemoChainRoom : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    protected DemoChainRoom() => Fleet = new DemoFleet(new DemoSettings(), Clock);

    private protected HandClock Clock { get; } = new();

    private protected DemoFleet Fleet { get; }

    private protected TestLedger Ledger { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Fleet.Dispose();
        await Ledger.DisposeAsync();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected DemoServer Server(string name) => Fleet.Find(name)!;

    private protected long Head(string name) => Ask<long>(name, "SELECT max(id) FROM events");

    private protected ChainMirror Mirror(string name, DemoFleet? fleet = null, CancellationToken? stop = null)
    {
        var mirror = new ChainMirror(Row(name), Ledger.Store, (_, _) => ValueTask.FromResult((fleet ?? Fleet).Shell(Row(name))), new DatesByHand(Clock), NullLogger.Instance);
        _running.Add(mirror.RunAsync(stop ?? _stopping.Token));
        return mirror;
    }

    private protected ToolRecording Tools(string name, ChainMirror mirror) => new(Row(name), mirror, Ledger.Store, new OsModa.Core.Observation.Fleet(), (_, _) => ValueTask.FromResult(Fleet.Shell(Row(name))), Clock, NullLogger.Instance);

    private Server Row(string name) => DemoSeed.Row(Fleet.Outline.Single(outline => outline.Name == name), TestLedger.Ours, Clock.GetUtcNow());

    private protected IReadOnlyList<LedgerLine> Told(ChainStatus status) =>
        [.. Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = HostVerbs.ChainStatus }).Lines.Where(line => line.Action!.Details["status"] == status.ToString())];

    private protected async Task EndAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private protected static Task<ChainStanding> SeesAsync(ChainMirror mirror, Func<ChainStanding, bool> wanted) => Eventually.GotAsync(
        () =>
        {
            mirror.Mark();
            return Task.FromResult(mirror.Standing is { } standing && wanted(standing) ? standing : null);
        },
        40,
        () => Task.FromResult($"{mirror.Standing}"));

    /// <summary>What SQLite says of the files of a server's chain.</summary>
    private protected T Ask<T>(string name, string sql)
    {
        var (folder, files) = (Directory.CreateTempSubdirectory("agentd-"), Server(name).Chain!.Files);
        var file = Path.Combine(folder.FullName, "ledger.db");
        File.WriteAllBytes(file, files.Database.Span);
        File.WriteAllBytes(file + "-wal", files.Log.Span);
        try
        {
            using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            return connection.Ask<T>(sql)!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The mirror rests a little after each look, whatever the date.
    private sealed class DatesByHand(HandClock clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
    }
}
