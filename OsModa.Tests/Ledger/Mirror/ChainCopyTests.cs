using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>Each event of a server's chain is copied once, as it is written, however much there is and whatever comes between.</summary>
public sealed class ChainCopyTests : MirrorRoom
{
    [Theory]
    [InlineData(ChainFormat.Piped)]
    [InlineData(ChainFormat.Concatenated)]
    public async Task Each_event_is_copied_once_as_it_is_written_and_the_copy_verifies(ChainFormat format)
    {
        Agent = new AgentLedger(Folder, format);
        Agent.Append(300);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 300 });
        Agent.Append(1, new string('x', 30_000));
        await SeesAsync(s => s.Copied == 301);
        for (var i = 0; i < 5; i++)
        {
            Agent.Append(400);
            Agent.Checkpoint();
        }

        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 2_301, Epoch: 1 });

        Assert.Equal(2_301, Ledger.Ask<long>("SELECT count(*) FROM entry WHERE src_id IS NOT NULL"));
        Assert.Equal(0, Ledger.Ask<long>($"SELECT count(*) FROM entry WHERE src_id IS NOT NULL AND flags & ~{(format == ChainFormat.Piped ? 0 : 2)} <> 0"));
        await Ledger.SignAsync();
        Assert.Equal(OsModa.Core.Ledger.Checking.CheckResult.Ok, Ledger.Check().Result);
    }

    [Fact]
    public async Task Reading_writes_nothing_and_leaves_no_file_behind()
    {
        Agent = new AgentLedger(Folder);
        Agent.Append(50);
        var before = Directory.GetFiles(Folder).Order().Select(file => (file, File.GetLastWriteTimeUtc(file), new FileInfo(file).Length)).ToList();

        await SeesAsync(s => s.Copied == 50);

        Assert.Equal(before, Directory.GetFiles(Folder).Order().Select(file => (file, File.GetLastWriteTimeUtc(file), new FileInfo(file).Length)));
    }

    [Theory]
    [InlineData(1_100_000, "memory.store", "Event 101 has ")]
    [InlineData(10, "t", "Event 101 has ")]
    [InlineData(10, "nixos\0switch", "Event 101, of ")]
    public async Task An_event_that_is_too_long_or_has_a_NUL_in_its_words_is_noted_and_what_follows_is_copied_and_verifies(int payload, string type, string begins)
    {
        Agent = new AgentLedger(Folder);
        Agent.Append(100);
        Agent.Append(1, new string('x', payload), type == "t" ? new string('t', 5_000) : type);
        var noted = await SeesAsync(s => s is { Status: ChainStatus.TooLong, Copied: 101 });
        Assert.Equal(101, noted.AtId);
        Agent.Append(5);
        await SeesAsync(s => s is { Status: ChainStatus.TooLong, Copied: 106 });

        Assert.Equal(0, Ledger.Ask<long>("SELECT count(*) FROM entry WHERE flags <> 0"));
        var line = Assert.Single(Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = LeftOutEvent.Verb }).Lines);
        Assert.Equal(("101", 101), (line.Action!.Details["event"], line.SourceId));
        Assert.StartsWith(begins, line.Action.Text, StringComparison.Ordinal);
        await Ledger.SignAsync();
        var report = Ledger.Check();
        Assert.Equal((OsModa.Core.Ledger.Checking.CheckResult.Ok, 106, null), (report.Result, report.Chains[0].Events, report.Chains[0].FirstBroken));

        Assert.True(await Mirror.AcceptAsync(Mirror.Standing!.Entry));
        Mirror.CompareAll();
        Agent.Append(1);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 107, Epoch: 1 });
    }

    [Fact]
    public async Task A_server_that_writes_more_than_it_may_is_copied_slowly_says_so_and_loses_nothing()
    {
        await EndAsync();
        Agent = new AgentLedger(Folder);
        Agent.Append(600);
        Mirror = New(new ChainAllowance(TimeProvider.System, static () => long.MaxValue, 150_000, 150_000));
        Running = Mirror.RunAsync(Stopping.Token);

        var slowed = await SeesAsync(s => s.Status == ChainStatus.Slowed);
        Assert.InRange(slowed.Copied, 1, 599);
        Assert.EndsWith("It writes more than is copied of one server in so short a time; the rest follows, as long as the server has it.", slowed.Sentence, StringComparison.Ordinal);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 600, Epoch: 1 });
        Assert.Equal(["Verified", "Slowed"], Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = HostVerbs.ChainStatus }).Lines.Select(line => line.Action!.Details["status"]));
        Assert.Equal(0, Ledger.Ask<long>("SELECT count(*) FROM entry WHERE flags <> 0"));
    }

    [Fact]
    public async Task When_the_disk_is_nearly_full_nothing_is_copied_until_there_is_room()
    {
        await EndAsync();
        var free = ChainAllowance.LeastFree - 1;
        Agent = new AgentLedger(Folder);
        Agent.Append(50);
        Mirror = New(new ChainAllowance(TimeProvider.System, () => Volatile.Read(ref free), perSecond: 1 << 20));
        Running = Mirror.RunAsync(Stopping.Token);

        Assert.Equal("Copied up to event 0 of 50. The disk of the dashboard is nearly full: nothing is copied until there is room.", (await SeesAsync(s => s is { Status: ChainStatus.Slowed, Copied: 0 })).Sentence);
        Volatile.Write(ref free, ChainAllowance.LeastFree);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 50 });
    }

    [Fact]
    public async Task A_new_start_of_the_dashboard_goes_on_where_the_copy_ends()
    {
        await CopiedAsync(400);
        var size = Ledger.Ask<long>("SELECT count(*) FROM entry");
        var again = New();
        Assert.Equal((ChainStatus.Verified, 400), (again.Standing!.Status, again.Standing.Copied));
        var running = again.RunAsync(Stopping.Token);
        again.Mark();
        await UntilAsync(() => again.Standing.ReadAt is not null && again.Standing.Status == ChainStatus.Verified, () => $"{again.Standing}");

        Assert.Equal(size, Ledger.Ask<long>("SELECT count(*) FROM entry"));
        await Stopping.CancelAsync();
        await EndedAsync(running);
    }

    [Fact]
    public async Task Looks_that_come_to_nothing_are_marked_until_one_does_not()
    {
        await CopiedAsync(10);
        IsAway = true;
        var failing = await SeesAsync(s => s.FailingSince is not null);
        var later = await SeesAsync(s => s.FailedAt > failing.FailedAt);
        Assert.Equal((ChainStatus.Verified, failing.FailingSince), (later.Status, later.FailingSince));
        Assert.Equal(ChainStatus.Unreachable, later.Stale(failing.FailingSince!.Value + ChainJudge.StaleAfter)!.Status);

        IsAway = false;
        Assert.Null((await SeesAsync(s => s.FailingSince is null)).FailedAt);
    }
}
