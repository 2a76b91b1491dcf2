using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Servers;
using OsModa.Demo.Life;
using OsModa.Tests.Ledger;
using Xunit;

namespace OsModa.Tests.Demo;

public sealed class DemoChainTests : DemoChainRoom
{
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
        foreach (var minutes in new[] { 1, 3, 60, 120 })
        {
            Clock.Advance(TimeSpan.FromMinutes(minutes));
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
        Clock.Advance(TimeSpan.FromMinutes(95));

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

        var coverage = new Coverage(Ledger.Store, Ledger.Queries);
        var report = coverage.Read(TestLedger.Ours, Server("scribe-eu").Id.Value, Clock.GetUtcNow() + TimeSpan.FromMinutes(3));
        var all = coverage.Read(TestLedger.Ours, Server("scout-eu").Id.Value, Clock.GetUtcNow() + TimeSpan.FromMinutes(3));

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

        Clock.Advance(TimeSpan.FromSeconds(80));

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
        Clock.Advance(TimeSpan.FromMinutes(20));
        for (var i = 0; i < 1_200; i++)
        {
            hasty.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (var server in Fleet.Servers.Where(static server => server.Chain is not null))
        {
            var same = other.Find(server.Name)!.Chain!.Files;
            Assert.Equal(server.Chain!.Files.Database.ToArray(), same.Database.ToArray());
            Assert.Equal(server.Chain.Files.Log.ToArray(), same.Log.ToArray());
            Assert.NotEqual(server.Chain.Files.Database.ToArray(), another.Find(server.Name)!.Chain!.Files.Database.ToArray());
        }

        Assert.Equal(5, Fleet.Servers.Count(static server => server.Chain is not null));
    }

    [Fact]
    public async Task A_server_without_osmoda_has_neither_chain_nor_calls()
    {
        var shell = Fleet.ShellOf(Fleet.Outline.Single(static outline => outline.Name == "edge-fr"));

        Assert.Null((await ChainAnswer.AskAsync(shell, ["0", "-", "db:0:65536"], [65_536, ChainAnswer.PartMost], CancellationToken.None)).Before);
        Assert.Null(await ToolAnswer.AskAsync(shell, Clock.GetUtcNow(), CancellationToken.None));
    }

    [Fact]
    public async Task Chains_of_a_demo_whose_data_was_kept_begin_anew_as_announced()
    {
        await SeesAsync(Mirror("web1"), static standing => standing.Status == ChainStatus.Verified);
        await EndAsync();
        Clock.Advance(TimeSpan.FromHours(2));
        using var later = new DemoFleet(new DemoSettings(), Clock);

        await new NewChains(later, Ledger.Store, Clock).AnnounceAsync();

        using var stopping = new CancellationTokenSource();
        var anew = await SeesAsync(Mirror("web1", later, stopping.Token), static standing => standing is { Epoch: 2, Copied: > 0 });
        await stopping.CancelAsync();
        await EndAsync();
        Assert.Equal((ChainStatus.Verified, "The server was installed anew, as announced."), (anew.Status, anew.Sentence));
    }
}
