using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Demo.Life;
using OsModa.Demo.Machines;
using OsModa.Tests.Ledger;
using Xunit;

namespace OsModa.Tests.Demo;

/// <summary>The ledgers that osModa keeps on simulated servers, read and judged as those of real ones.</summary>
public sealed class DemoLedgerTests : IAsyncDisposable
{
    private const int Past = 240;

    private readonly string _folder = Directory.CreateTempSubdirectory("osmoda-demo-").FullName;
    private readonly TestLedger _ledger = new();
    private readonly CancellationTokenSource _end = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _ledger.DisposeAsync();
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_past_verifies_what_comes_verifies_and_what_somebody_falsifies_does_not()
    {
        using var fleet = NewFleet();
        var outline = fleet.Outline.Single(static o => o.Name == "build2");
        var server = fleet.Find("build2")!;
        var mirror = new ChainMirror(
            new Server { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "build2", Address = outline.Address, Login = "root", AddedAt = DateTimeOffset.UnixEpoch },
            _ledger.Store, (_, _) => ValueTask.FromResult(fleet.ShellOf(outline)), TimeProvider.System, NullLogger.Instance);
        var running = mirror.RunAsync(_end.Token);
        await SeesAsync(mirror, static s => s is { Status: ChainStatus.Verified, Copied: >= Past });

        lock (server.Gate)
        {
            server.WriteLedger(new AgentEvent(server.Clock.Epoch(server.Agenda.Now), "sandbox.exec", "agentd", """{"command":"true"}"""));
        }

        var grown = server.Ledger!.Count;
        await SeesAsync(mirror, s => s.Status == ChainStatus.Verified && s.Copied >= grown);

        lock (server.Gate)
        {
            server.FalsifyLedger(57, "{}", server.Agenda.Now);
        }

        await SeesAsync(mirror, static s => s is { Status: ChainStatus.Rewritten, AtId: 57 });
        await _end.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Fact]
    public async Task Whoever_observes_is_told_that_there_is_one_and_of_each_event()
    {
        var clock = new HandClock();
        using var fleet = new DemoFleet(new DemoSettings { Ledgers = _folder }, clock);

        var heard = await Listening.HearAsync(fleet, fleet.Outline.Single(static o => o.Name == "web1"), clock, TimeSpan.FromMinutes(3));

        Assert.InRange(heard.Count(static line => line.StartsWith("ledger\t", StringComparison.Ordinal)), 4, 10);
        Assert.Null(fleet.Find("edge-fr")!.Ledger);
    }

    [Fact]
    public void A_folder_that_is_kept_is_gone_on_with()
    {
        long written;
        using (var before = NewFleet())
        {
            written = before.Find("web1")!.Ledger!.Count;
        }

        using var after = NewFleet();

        Assert.InRange(after.Find("web1")!.Ledger!.Count, written, written + 2);
    }

    private DemoFleet NewFleet() => new(new DemoSettings { Ledgers = _folder }, TimeProvider.System);

    private static Task SeesAsync(ChainMirror mirror, Func<ChainStanding, bool> wanted) => Eventually.GotAsync(
        () =>
        {
            mirror.Mark();
            return Task.FromResult(mirror.Standing is { } standing && wanted(standing) ? standing : null);
        },
        20,
        () => Task.FromResult($"{mirror.Standing}"));
}
