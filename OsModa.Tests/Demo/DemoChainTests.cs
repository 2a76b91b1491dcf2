using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Demo.Life;
using OsModa.Demo.Machines;
using OsModa.Tests.Ledger;
using Xunit;

namespace OsModa.Tests.Demo;

/// <summary>The chains of simulated servers, read by the mirror that reads those of real ones.</summary>
public sealed class DemoChainTests : IAsyncDisposable
{
    private readonly HandClock _clock = new();
    private readonly DemoFleet _fleet;
    private readonly TestLedger _ledger = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    public DemoChainTests() => _fleet = new DemoFleet(new DemoSettings(), _clock);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _fleet.Dispose();
        await _ledger.DisposeAsync();
        _stopping.Dispose();
    }

    [Theory]
    [InlineData("web1")]
    [InlineData("scout-eu")]
    [InlineData("scribe-eu")]
    [InlineData("build2")]
    public async Task A_chain_verifies_from_its_first_event_and_goes_on_as_time_passes(string name)
    {
        var mirror = Mirror(name);

        var past = await SeesAsync(mirror, static standing => standing.Status == ChainStatus.Verified);
        Assert.InRange(past.Copied, 240, 400);
        var before = past.Copied;
        foreach (var minutes in new[] { 1, 3, 60, 240 })
        {
            _clock.Advance(TimeSpan.FromMinutes(minutes));
            var head = Head(name);
            Assert.InRange(head - before, minutes - 1, (minutes * 3) + 12);
            var more = await SeesAsync(mirror, standing => standing.Copied == head);
            Assert.Equal((ChainStatus.Verified, 1u, (long?)null), (more.Status, more.Epoch, more.AtId));
            before = head;
        }

        Assert.Empty(Told(ChainStatus.Clock));
    }

    [Fact]
    public void The_files_are_a_database_that_sqlite_finds_sound_with_its_log()
    {
        var before = Head("web1");
        _clock.Advance(TimeSpan.FromMinutes(95));

        Assert.False(Server("web1").Chain!.Files.Log.IsEmpty);
        Assert.Equal("ok", Ask<string>("web1", "PRAGMA integrity_check"));
        Assert.InRange(Head("web1"), before + 90, before + 300);
        Assert.Equal(Head("web1"), Ask<long>("web1", "SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task What_agents_did_past_agentd_is_not_audited_and_all_else_that_teachd_tells_is()
    {
        var mirror = Mirror("scribe-eu");
        var quiet = Mirror("scout-eu");
        await SeesAsync(mirror, static standing => standing.Status == ChainStatus.Verified);
        await SeesAsync(quiet, static standing => standing.Status == ChainStatus.Verified);
        Assert.True(await Tools("scribe-eu", mirror).LookAsync(CancellationToken.None));
        Assert.True(await Tools("scout-eu", quiet).LookAsync(CancellationToken.None));

        var coverage = new Coverage(_ledger.Store, _ledger.Queries);
        var report = coverage.Read(TestLedger.Ours, Server("scribe-eu").Id.Value, _clock.GetUtcNow() + TimeSpan.FromMinutes(3));
        var all = coverage.Read(TestLedger.Ours, Server("scout-eu").Id.Value, _clock.GetUtcNow() + TimeSpan.FromMinutes(3));

        Assert.Equal(Enumerable.Repeat("shell_exec", 4), report.NotAudited.Select(static line => line.Action!.Details["tool"]));
        Assert.InRange(report.Calls, 30, 100);
        Assert.Empty(all.NotAudited);
        Assert.InRange(all.Calls, 30, 100);
    }

    [Fact]
    public async Task An_event_that_somebody_changes_is_found_with_its_field()
    {
        var mirror = Mirror("ledger-us");
        await SeesAsync(mirror, static standing => standing.Status == ChainStatus.Verified);

        _clock.Advance(TimeSpan.FromSeconds(80));

        var standing = await SeesAsync(mirror, static standing => standing.Status == ChainStatus.Rewritten);
        Assert.Equal($"Event {standing.AtId} was changed and does not give its hash any more.", standing.Sentence);
        var told = Assert.Single(Told(ChainStatus.Rewritten));
        var difference = Assert.Single(told.Action!.Details, static detail => detail.Key.StartsWith("difference", StringComparison.Ordinal)).Value;
        Assert.Contains("noor.haddad", difference, StringComparison.Ordinal);
        Assert.Contains("nixos-upgrade.service", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_and_clock_give_the_same_files_and_each_server_has_its_own()
    {
        var hasty = new HandClock();
        using var other = new DemoFleet(new DemoSettings(), hasty);
        using var another = new DemoFleet(new DemoSettings { Seed = 42 }, new HandClock());
        _clock.Advance(TimeSpan.FromMinutes(20));
        for (var i = 0; i < 1_200; i++)
        {
            hasty.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (var server in _fleet.Servers.Where(static server => server.Chain is not null))
        {
            var same = other.Find(server.Name)!.Chain!.Files;
            Assert.Equal(server.Chain!.Files.Database.ToArray(), same.Database.ToArray());
            Assert.Equal(server.Chain.Files.Log.ToArray(), same.Log.ToArray());
            Assert.NotEqual(server.Chain.Files.Database.ToArray(), another.Find(server.Name)!.Chain!.Files.Database.ToArray());
        }

        Assert.Equal(5, _fleet.Servers.Count(static server => server.Chain is not null));
    }

    [Fact]
    public async Task A_server_without_osmoda_has_neither_chain_nor_calls()
    {
        var shell = _fleet.ShellOf(_fleet.Outline.Single(static outline => outline.Name == "edge-fr"));

        Assert.Null((await ChainAnswer.AskAsync(shell, ["0", "-", "db:0:65536"], [65_536, ChainAnswer.PartMost], CancellationToken.None)).Before);
        Assert.Null(await ToolAnswer.AskAsync(shell, _clock.GetUtcNow(), CancellationToken.None));
    }

    [Fact]
    public async Task Chains_of_a_demo_whose_data_was_kept_begin_anew_as_announced()
    {
        await SeesAsync(Mirror("web1"), static standing => standing.Status == ChainStatus.Verified);
        await EndAsync();
        _clock.Advance(TimeSpan.FromHours(30));
        using var later = new DemoFleet(new DemoSettings(), _clock);

        await new NewChains(later, _ledger.Store, _clock).AnnounceAsync();

        using var stopping = new CancellationTokenSource();
        var anew = await SeesAsync(Mirror("web1", later, stopping.Token), static standing => standing is { Epoch: 2, Copied: > 0 });
        await stopping.CancelAsync();
        await EndAsync();
        Assert.Equal((ChainStatus.Verified, "The server was installed anew, as announced."), (anew.Status, anew.Sentence));
    }

    private DemoServer Server(string name) => _fleet.Find(name)!;

    private long Head(string name) => Ask<long>(name, "SELECT max(id) FROM events");

    private ChainMirror Mirror(string name, DemoFleet? fleet = null, CancellationToken? stop = null)
    {
        var mirror = new ChainMirror(Row(name), _ledger.Store, (_, _) => ValueTask.FromResult((fleet ?? _fleet).Shell(Row(name))), new DatesByHand(_clock), NullLogger.Instance);
        _running.Add(mirror.RunAsync(stop ?? _stopping.Token));
        return mirror;
    }

    private ToolRecording Tools(string name, ChainMirror mirror) => new(Row(name), mirror, _ledger.Store, new Fleet(), (_, _) => ValueTask.FromResult(_fleet.Shell(Row(name))), _clock, NullLogger.Instance);

    private Server Row(string name) => DemoSeed.Row(_fleet.Outline.Single(outline => outline.Name == name), TestLedger.Ours, _clock.GetUtcNow());

    private IReadOnlyList<LedgerLine> Told(ChainStatus status) =>
        [.. _ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = HostVerbs.ChainStatus }).Lines.Where(line => line.Action!.Details["status"] == status.ToString())];

    private async Task EndAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task<ChainStanding> SeesAsync(ChainMirror mirror, Func<ChainStanding, bool> wanted) => Eventually.GotAsync(
        () =>
        {
            mirror.Mark();
            return Task.FromResult(mirror.Standing is { } standing && wanted(standing) ? standing : null);
        },
        40,
        () => Task.FromResult($"{mirror.Standing}"));

    /// <summary>What SQLite says of the files of a server's chain.</summary>
    private T Ask<T>(string name, string sql)
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
