using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Servers;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>What is done to a server's chain behind its back is noticed, and told with what it was.</summary>
public sealed class ChainTamperTests : MirrorRoom
{
    [Fact]
    public async Task A_tail_that_was_cut_off_is_noticed()
    {
        await CopiedAsync(200);
        Agent!.Run("DELETE FROM events WHERE id > 190");

        var cut = await SeesAsync(s => s.Status == ChainStatus.Cut);
        Assert.Equal("Event 200 was there and is gone: the newest is now 190.", cut.Sentence);
        await Ledger.SignAsync();
        var entry = Ledger.Queries.Entry(TestLedger.Ours, cut.Entry!.Value)!;
        Assert.Equal((HostVerbs.ChainStatus, "Cut"), (entry.Line.Type, entry.Action!.Details["status"]));
    }

    [Fact]
    public async Task An_old_event_that_is_edited_while_agentd_runs_is_noticed_at_once_with_what_it_was()
    {
        await CopiedAsync(3_000);
        Agent!.Run("UPDATE events SET actor = 'mallory' WHERE id = 7");

        var rewritten = await SeesAsync(s => s.Status == ChainStatus.Rewritten);
        Assert.Equal(7, rewritten.AtId);
        var told = Ledger.Queries.Entry(TestLedger.Ours, rewritten.Entry!.Value)!.Action!;
        Assert.Equal("event 7, actor: “agentd” became “mallory”", told.Details["difference01"]);
        Assert.NotEmpty(told.Salt);     // it names people, and may be redacted

        // In the copy of what the server shows now it does not verify either: that is the same, and says less.
        await SeesAsync(s => s is { Epoch: 2, Copied: 3_000 });
        Mirror.CompareAll();
        Agent.Append(1);
        var later = await SeesAsync(s => s.Copied == 3_001);
        Assert.Equal((ChainStatus.Rewritten, rewritten.Entry), (later.Status, later.Entry));
    }

    [Fact]
    public async Task Root_who_edits_an_event_and_hashes_everything_anew_is_noticed()
    {
        await CopiedAsync(3_000);
        Agent!.Run("UPDATE events SET payload = '{}' WHERE id = 1234");
        Agent.Rehash(1234, ChainFormat.Piped);

        var rewritten = await SeesAsync(s => s.Status == ChainStatus.Rewritten);
        Assert.Equal((1234, 2u), (rewritten.AtId, (await SeesAsync(s => s.Epoch == 2)).Epoch));
    }

    [Fact]
    public async Task A_restored_backup_is_noticed_and_what_the_server_shows_now_is_kept_too()
    {
        Agent = new AgentLedger(Folder);
        Agent.Append(100);
        await SeesAsync(s => s.Copied == 100);
        var backup = Path.Combine(Folder, "backup");
        Agent.Backup(backup);
        Agent.Append(100);
        await SeesAsync(s => s.Copied == 200);

        Agent.Restore(backup);
        Agent.Append(150, "{\"after\":\"the restore\"}");

        var restored = await SeesAsync(s => s is { Epoch: 2, Copied: 250 });
        Assert.True(restored.Status is ChainStatus.Restored or ChainStatus.Forked, $"{restored}");
        Assert.Equal(101, restored.AtId);
    }

    [Fact]
    public async Task An_event_that_is_made_too_long_to_be_copied_is_noticed()
    {
        await CopiedAsync(100);
        Agent!.Run("UPDATE events SET payload = hex(zeroblob(600000)) WHERE id = 90");

        var rewritten = await SeesAsync(s => s.Status == ChainStatus.Rewritten);
        Assert.Equal((90, "Event 90 was changed: it is not as long as it was."), (rewritten.AtId, rewritten.Sentence));
    }

    [Fact]
    public async Task Old_events_that_are_lost_are_noticed_while_the_newest_are_still_being_copied()
    {
        await EndAsync();
        Agent = new AgentLedger(Folder);
        Agent.Append(5_000);
        Mirror = New(new ChainAllowance(TimeProvider.System, static () => long.MaxValue, 150_000, 150_000));
        Running = Mirror.RunAsync(Stopping.Token);
        await SeesAsync(s => s is { Status: ChainStatus.Slowed, Copied: > 50 and < 4_000 });
        Agent.Run("DELETE FROM events WHERE id <= 5");

        Assert.EndsWith(" of them are.", (await SeesAsync(s => s.Status == ChainStatus.Cut)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_does_not_verify_is_told_though_another_alarm_stands()
    {
        await CopiedAsync(200);
        Agent!.Run("DELETE FROM events WHERE id > 190; UPDATE sqlite_sequence SET seq = 190 WHERE name = 'events'");
        await SeesAsync(s => s is { Status: ChainStatus.Cut, Epoch: 2, Copied: 190 });
        Agent.Append(20);
        Agent.Run("UPDATE events SET payload = 'x' WHERE id = 195");

        var broken = await SeesAsync(s => s.Status == ChainStatus.Broken);
        Assert.Equal((195, "Does not verify at event 195."), (broken.AtId, broken.Sentence));
        var told = Ledger.Queries.Entry(TestLedger.Ours, broken.Entry!.Value)!.Action!;
        Assert.Equal(("Broken", "Cut"), (told.Details["status"], told.Details["was"]));
    }
}
