using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>A real SQLite database, written as agentd writes it, read by the script that servers are given, with everything done to it that can be done.</summary>
public sealed class ChainMirrorTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentd-").FullName;
    private readonly TestLedger _ledger = new();
    private CancellationTokenSource _stop = new();
    private Task _running;
    private ChainMirror _mirror;
    private AgentLedger? _agent;
    private volatile bool _isAway;

    public ChainMirrorTests()
    {
        _mirror = New();
        _running = _mirror.RunAsync(_stop.Token);
    }

    [Theory]
    [InlineData(ChainFormat.Piped)]
    [InlineData(ChainFormat.Concatenated)]
    public async Task Each_event_is_copied_once_as_it_is_written_and_the_copy_verifies(ChainFormat format)
    {
        _agent = new AgentLedger(_folder, format);
        _agent.Append(300);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 300 });
        _agent.Append(1, new string('x', 30_000));
        await SeesAsync(s => s.Copied == 301);
        for (var i = 0; i < 5; i++)
        {
            _agent.Append(400);
            _agent.Checkpoint();
        }

        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 2_301, Epoch: 1 });

        Assert.Equal(2_301, _ledger.Ask<long>("SELECT count(*) FROM entry WHERE src_id IS NOT NULL"));
        Assert.Equal(0, _ledger.Ask<long>($"SELECT count(*) FROM entry WHERE src_id IS NOT NULL AND flags & ~{(format == ChainFormat.Piped ? 0 : 2)} <> 0"));
        await _ledger.SignAsync();
        Assert.Equal(OsModa.Core.Ledger.Checking.CheckResult.Ok, _ledger.Check().Result);
    }

    [Fact]
    public async Task Reading_writes_nothing_and_leaves_no_file_behind()
    {
        _agent = new AgentLedger(_folder);
        _agent.Append(50);
        var before = Directory.GetFiles(_folder).Order().Select(file => (file, File.GetLastWriteTimeUtc(file), new FileInfo(file).Length)).ToList();

        await SeesAsync(s => s.Copied == 50);

        Assert.Equal(before, Directory.GetFiles(_folder).Order().Select(file => (file, File.GetLastWriteTimeUtc(file), new FileInfo(file).Length)));
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_is_noticed()
    {
        await CopiedAsync(200);
        _agent!.Run("DELETE FROM events WHERE id > 190");

        var cut = await SeesAsync(s => s.Status == ChainStatus.Cut);
        Assert.Equal("Event 200 was there and is gone: the newest is now 190.", cut.Sentence);
        await _ledger.SignAsync();
        var entry = _ledger.Queries.Entry(TestLedger.Ours, cut.Entry!.Value)!;
        Assert.Equal((HostVerbs.ChainStatus, "Cut"), (entry.Line.Type, entry.Action!.Details["status"]));
    }

    [Fact]
    public async Task An_old_event_that_is_edited_while_agentd_runs_is_noticed_at_once_with_what_it_was()
    {
        await CopiedAsync(3_000);
        _agent!.Run("UPDATE events SET actor = 'mallory' WHERE id = 7");

        var rewritten = await SeesAsync(s => s.Status == ChainStatus.Rewritten);
        Assert.Equal(7, rewritten.AtId);
        var told = _ledger.Queries.Entry(TestLedger.Ours, rewritten.Entry!.Value)!.Action!;
        Assert.Equal("event 7, actor: “agentd” became “mallory”", told.Details["difference01"]);
        Assert.NotEmpty(told.Salt);     // it names people, and may be redacted
    }

    [Fact]
    public async Task Root_who_edits_an_event_and_hashes_everything_anew_is_noticed()
    {
        await CopiedAsync(3_000);
        _agent!.Run("UPDATE events SET payload = '{}' WHERE id = 1234");
        _agent.Rehash(1234, ChainFormat.Piped);

        var rewritten = await SeesAsync(s => s.Status == ChainStatus.Rewritten);
        Assert.Equal((1234, 2u), (rewritten.AtId, (await SeesAsync(s => s.Epoch == 2)).Epoch));
    }

    [Fact]
    public async Task A_restored_backup_is_noticed_and_what_the_server_shows_now_is_kept_too()
    {
        _agent = new AgentLedger(_folder);
        _agent.Append(100);
        await SeesAsync(s => s.Copied == 100);
        var backup = Path.Combine(_folder, "backup");
        _agent.Backup(backup);
        _agent.Append(100);
        await SeesAsync(s => s.Copied == 200);

        _agent.Restore(backup);
        _agent.Append(150, "{\"after\":\"the restore\"}");

        var restored = await SeesAsync(s => s is { Epoch: 2, Copied: 250 });
        Assert.True(restored.Status is ChainStatus.Restored or ChainStatus.Forked, $"{restored}");
        Assert.Equal(101, restored.AtId);
    }

    [Fact]
    public async Task A_change_of_the_format_is_told_from_rewriting_and_waits_for_a_person()
    {
        _agent = new AgentLedger(_folder, ChainFormat.Concatenated);
        _agent.Append(2_500);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 2_500 });
        _agent.Rehash(1, ChainFormat.Piped);

        await SeesAsync(s => s is { Status: ChainStatus.Rehashed, Epoch: 2, Copied: 2_500 });
        Assert.True(await _mirror.AcceptAsync(_mirror.Standing!.Entry));
        _mirror.CompareAll();
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Sentence: "2500 events, all as they were written." });
    }

    [Fact]
    public async Task An_event_that_never_gave_its_hash_is_an_alarm_until_a_person_accepts_it_and_does_not_come_back()
    {
        _agent = new AgentLedger(_folder);
        _agent.Append(100);
        _agent.Run("UPDATE events SET payload = 'x' WHERE id = 40");
        var broken = await SeesAsync(s => s is { Status: ChainStatus.Broken, Copied: 100 });
        Assert.Equal((40, "Does not verify at event 40."), (broken.AtId, broken.Sentence));

        Assert.True(await _mirror.AcceptAsync(_mirror.Standing!.Entry));
        _mirror.CompareAll();
        _agent.Append(10);

        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 110 });
    }

    [Theory]
    [InlineData(1_100_000, "memory.store", "Event 101 has ")]
    [InlineData(10, "t", "Event 101 has ")]
    [InlineData(10, "nixos\0switch", "Event 101, of ")]
    public async Task An_event_that_is_too_long_or_has_a_NUL_in_its_words_is_noted_and_what_follows_is_copied_and_verifies(int payload, string type, string begins)
    {
        _agent = new AgentLedger(_folder);
        _agent.Append(100);
        _agent.Append(1, new string('x', payload), type == "t" ? new string('t', 5_000) : type);
        var noted = await SeesAsync(s => s is { Status: ChainStatus.TooLong, Copied: 101 });
        Assert.Equal(101, noted.AtId);
        _agent.Append(5);
        await SeesAsync(s => s is { Status: ChainStatus.TooLong, Copied: 106 });

        Assert.Equal(0, _ledger.Ask<long>("SELECT count(*) FROM entry WHERE flags <> 0"));
        var line = Assert.Single(_ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = LeftOutEvent.Verb }).Lines);
        Assert.Equal(("101", 101), (line.Action!.Details["event"], line.SourceId));
        Assert.StartsWith(begins, line.Action.Text, StringComparison.Ordinal);
        await _ledger.SignAsync();
        var report = _ledger.Check();
        Assert.Equal((OsModa.Core.Ledger.Checking.CheckResult.Ok, 106, null), (report.Result, report.Chains[0].Events, report.Chains[0].FirstBroken));

        Assert.True(await _mirror.AcceptAsync(_mirror.Standing!.Entry));
        _mirror.CompareAll();
        _agent.Append(1);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 107, Epoch: 1 });
    }

    [Fact]
    public async Task An_event_that_is_made_too_long_to_be_copied_is_noticed()
    {
        await CopiedAsync(100);
        _agent!.Run("UPDATE events SET payload = hex(zeroblob(600000)) WHERE id = 90");

        var rewritten = await SeesAsync(s => s.Status == ChainStatus.Rewritten);
        Assert.Equal((90, "Event 90 was changed: it is not as long as it was."), (rewritten.AtId, rewritten.Sentence));
    }

    [Fact]
    public async Task A_server_that_writes_more_than_it_may_is_copied_slowly_says_so_and_loses_nothing()
    {
        await EndAsync();
        _agent = new AgentLedger(_folder);
        _agent.Append(600);
        _mirror = New(new ChainAllowance(TimeProvider.System, static () => long.MaxValue, 150_000, 150_000));
        _running = _mirror.RunAsync(_stop.Token);

        var slowed = await SeesAsync(s => s.Status == ChainStatus.Slowed);
        Assert.InRange(slowed.Copied, 1, 599);
        Assert.EndsWith("It writes more than is copied of one server in so short a time; the rest follows, as long as the server has it.", slowed.Sentence, StringComparison.Ordinal);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 600, Epoch: 1 });
        Assert.Equal(["Verified", "Slowed"], _ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = HostVerbs.ChainStatus }).Lines.Select(line => line.Action!.Details["status"]));
        Assert.Equal(0, _ledger.Ask<long>("SELECT count(*) FROM entry WHERE flags <> 0"));
    }

    [Fact]
    public async Task Old_events_that_are_lost_are_noticed_while_the_newest_are_still_being_copied()
    {
        await EndAsync();
        _agent = new AgentLedger(_folder);
        _agent.Append(5_000);
        _mirror = New(new ChainAllowance(TimeProvider.System, static () => long.MaxValue, 150_000, 150_000));
        _running = _mirror.RunAsync(_stop.Token);
        await SeesAsync(s => s is { Status: ChainStatus.Slowed, Copied: > 50 and < 4_000 });
        _agent.Run("DELETE FROM events WHERE id <= 5");

        Assert.EndsWith(" of them are.", (await SeesAsync(s => s.Status == ChainStatus.Cut)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_disk_is_nearly_full_nothing_is_copied_until_there_is_room()
    {
        await EndAsync();
        var free = ChainAllowance.LeastFree - 1;
        _agent = new AgentLedger(_folder);
        _agent.Append(50);
        _mirror = New(new ChainAllowance(TimeProvider.System, () => Volatile.Read(ref free), perSecond: 1 << 20));
        _running = _mirror.RunAsync(_stop.Token);

        Assert.Equal("Copied up to event 0 of 50. The disk of the dashboard is nearly full: nothing is copied until there is room.", (await SeesAsync(s => s is { Status: ChainStatus.Slowed, Copied: 0 })).Sentence);
        Volatile.Write(ref free, ChainAllowance.LeastFree);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 50 });
    }

    [Fact]
    public async Task An_event_that_does_not_verify_is_told_though_another_alarm_stands()
    {
        await CopiedAsync(200);
        _agent!.Run("DELETE FROM events WHERE id > 190; UPDATE sqlite_sequence SET seq = 190 WHERE name = 'events'");
        await SeesAsync(s => s is { Status: ChainStatus.Cut, Epoch: 2, Copied: 190 });
        _agent.Append(20);
        _agent.Run("UPDATE events SET payload = 'x' WHERE id = 195");

        var broken = await SeesAsync(s => s.Status == ChainStatus.Broken);
        Assert.Equal((195, "Does not verify at event 195."), (broken.AtId, broken.Sentence));
        var told = _ledger.Queries.Entry(TestLedger.Ours, broken.Entry!.Value)!.Action!;
        Assert.Equal(("Broken", "Cut"), (told.Details["status"], told.Details["was"]));
    }

    [Fact]
    public async Task A_new_start_of_the_dashboard_goes_on_where_the_copy_ends()
    {
        await CopiedAsync(400);
        var size = _ledger.Ask<long>("SELECT count(*) FROM entry");
        var again = New();
        Assert.Equal((ChainStatus.Verified, 400), (again.Standing!.Status, again.Standing.Copied));
        var running = again.RunAsync(_stop.Token);
        again.Mark();
        await UntilAsync(() => again.Standing.ReadAt is not null && again.Standing.Status == ChainStatus.Verified, () => $"{again.Standing}");

        Assert.Equal(size, _ledger.Ask<long>("SELECT count(*) FROM entry"));
        await _stop.CancelAsync();
        await EndedAsync(running);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(12_300)]
    public async Task A_file_that_is_no_database_is_an_alarm_and_nothing_worse(int at)
    {
        await CopiedAsync(500);
        _agent!.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        var file = Path.Combine(_folder, "ledger.db");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        new Random(at).NextBytes(bytes.AsSpan(at, Math.Min(4_096, bytes.Length - at)));
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        _mirror.CompareAll();

        await SeesAsync(s => s.Status.Severity() == ChainSeverity.Alarm);
    }

    [Fact]
    public async Task A_tree_that_leads_back_into_itself_ends()
    {
        await CopiedAsync(3_000);
        _agent!.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        var file = Path.Combine(_folder, "ledger.db");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var root = (int)_agent.Root("events");
        var page = bytes.AsMemory((root - 1) * 4_096, 4_096);
        Assert.Equal(5, page.Span[0]);      // an inner page
        for (var cell = 0; cell < (page.Span[3] << 8) + page.Span[4]; cell++)
        {
            var at = (page.Span[12 + (2 * cell)] << 8) + page.Span[13 + (2 * cell)];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(page.Span[at..], root);
        }

        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        _mirror.CompareAll();

        await SeesAsync(s => s.Status.Severity() == ChainSeverity.Alarm);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(300)]      // more than were copied
    public async Task A_server_that_is_installed_anew_as_announced_is_no_alarm_and_the_entry_says_who(int events)
    {
        await CopiedAsync(200);
        await _mirror.AnnounceAsync("Ann");
        InstallAnew(0);

        var anew = await SeesAsync(s => s is { Status: ChainStatus.Verified, Epoch: 2 });
        Assert.Equal((null, null, 0), (anew.AnnouncedUntil, anew.AnnouncedBy, anew.Copied));
        var told = _ledger.Queries.Entry(TestLedger.Ours, anew.Entry!.Value)!.Action!;
        Assert.Equal(("The server was installed anew, as announced.", "Verified", "Ann"), (told.Text, told.Details["status"], told.Details["announcedBy"]));
        _agent!.Append(events);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Epoch: 2 } && s.Copied == events);

        InstallAnew(events);     // it counts once
        await SeesAsync(s => s.Status == ChainStatus.Reset);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(300)]
    public async Task A_chain_that_has_begun_anew_as_announced_is_copied_beside_the_old_one_by_one_entry(int events)
    {
        await CopiedAsync(200);
        await _mirror.AnnounceAsync("Ann");
        InstallAnew(events);

        await SeesAsync(s => s is { Status: ChainStatus.Verified, Epoch: 2 } && s.Copied == events);
        Assert.Single(Told("Verified"), static line => line.Action!.Details.ContainsKey("announcedBy"));
        Assert.Empty(Told("Reset"));
        Assert.Empty(Told("Cut"));
    }

    [Fact]
    public async Task A_server_that_is_installed_anew_unannounced_or_too_long_after_it_is_an_alarm()
    {
        await CopiedAsync(200);
        InstallAnew(20);
        var reset = await SeesAsync(s => s is { Status: ChainStatus.Reset, Epoch: 2, Copied: 20 });
        Assert.True(await _mirror.AcceptAsync(reset.Entry));
        await _mirror.AnnounceAsync("Ann");
        await EndAsync();
        await _ledger.Store.RunAsync(static group => group.Connection.Run("UPDATE standing SET announced_until = announced_until - 86400000"));
        _mirror = New();
        Assert.Equal("Ann", _mirror.Standing!.AnnouncedBy);
        InstallAnew(10);
        _running = _mirror.RunAsync(_stop.Token);

        await SeesAsync(s => s.Status == ChainStatus.Reset);
    }

    [Fact]
    public async Task A_ledger_that_is_gone_is_no_alarm_while_a_new_installation_is_announced_and_one_after_that()
    {
        await CopiedAsync(20);
        await _mirror.AnnounceAsync("Ann");
        await EndAsync();
        _mirror = New();     // what was announced outlasts the dashboard
        _agent!.Dispose();
        _agent = null;
        File.Delete(Path.Combine(_folder, "ledger.db"));
        _running = _mirror.RunAsync(_stop.Token);
        _isAway = true;
        await SeesAsync(s => s.FailingSince is not null);
        _isAway = false;
        Assert.Equal(ChainStatus.Verified, (await SeesAsync(s => s.FailingSince is null)).Status);

        await EndAsync();
        await _ledger.Store.RunAsync(static group => group.Connection.Run("UPDATE standing SET announced_until = 1"));
        _mirror = New();
        _running = _mirror.RunAsync(_stop.Token);
        Assert.StartsWith("The server's own ledger is gone", (await SeesAsync(s => s.Status == ChainStatus.Cut)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_else_is_done_to_a_chain_is_told_though_a_new_installation_is_announced()
    {
        await CopiedAsync(200);
        await _mirror.AnnounceAsync("Ann");
        _agent!.Run("DELETE FROM events WHERE id > 190");

        await SeesAsync(s => s.Status == ChainStatus.Cut);
    }

    [Fact]
    public async Task Looks_that_come_to_nothing_are_marked_until_one_does_not()
    {
        await CopiedAsync(10);
        _isAway = true;
        var failing = await SeesAsync(s => s.FailingSince is not null);
        var later = await SeesAsync(s => s.FailedAt > failing.FailedAt);
        Assert.Equal((ChainStatus.Verified, failing.FailingSince), (later.Status, later.FailingSince));
        Assert.Equal(ChainStatus.Unreachable, later.Stale(failing.FailingSince!.Value + ChainJudge.StaleAfter)!.Status);

        _isAway = false;
        Assert.Null((await SeesAsync(s => s.FailingSince is null)).FailedAt);
    }

    [Fact]
    public async Task An_event_that_claims_to_have_been_before_the_last_look_has_an_odd_time()
    {
        await CopiedAsync(10);
        await SeesAsync(s => s.ReadAt > TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1));
        _agent!.AppendAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6));

        Assert.Equal(11, (await SeesAsync(s => s.Status == ChainStatus.Clock)).AtId);
    }

    [Fact]
    public async Task A_second_warning_is_an_entry_though_another_one_stands()
    {
        await CopiedAsync(10);
        await SeesAsync(s => s.ReadAt > TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1));
        _agent!.Run("UPDATE sqlite_sequence SET seq = 11 WHERE name = 'events'");
        _agent.Append(1);
        var gap = await SeesAsync(s => s is { Status: ChainStatus.Gap, Copied: 11 });

        _agent.AppendAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6));
        var standing = await SeesAsync(_ => Told("Clock").Count == 1);

        Assert.Equal((ChainStatus.Gap, gap.AtId, gap.Entry, gap.Sentence), (standing.Status, standing.AtId, standing.Entry, standing.Sentence));
        var told = Told("Clock")[0].Action!;
        Assert.Equal(("13", "Gap"), (told.Details["event"], told.Details["was"]));
        _agent.AppendAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6));
        await SeesAsync(s => s.Copied == 13);
        _mirror.CompareAll();
        await SeesAsync(s => s.ReadAt > TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.Single(Told("Clock"));
    }

    [Fact]
    public async Task An_odd_time_is_told_though_many_events_follow_it_in_the_same_reading()
    {
        await CopiedAsync(10);
        _agent!.AppendAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6));
        _agent.Append(3_000);

        Assert.Equal(11, (await SeesAsync(s => s is { Status: ChainStatus.Clock, Copied: 3_011 })).AtId);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _agent?.Dispose();
        await _ledger.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // At once: in the moment between, the ledger would be gone.
    private void InstallAnew(int events)
    {
        var elsewhere = Directory.CreateTempSubdirectory("agentd-").FullName;
        var file = Path.Combine(_folder, "ledger.db");
        using (var agent = new AgentLedger(elsewhere))
        {
            agent.Append(events);
        }

        _agent!.Dispose();
        File.Delete(file + "-wal");
        File.Delete(file + "-shm");
        File.Move(Path.Combine(elsewhere, "ledger.db"), file, overwrite: true);
        Directory.Delete(elsewhere, recursive: true);
        _agent = new AgentLedger(_folder);
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await EndedAsync(_running);
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    private ChainMirror New(ChainAllowance? allowance = null) => new(
        new Server { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch },
        _ledger.Store, (_, _) => _isAway ? throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Lost, "gone")) : ValueTask.FromResult<IRemoteShell>(new LocalShell(_folder)), TimeProvider.System, NullLogger.Instance, allowance ?? new ChainAllowance(TimeProvider.System, () => _ledger.Store.FreeBytes));

    private static async Task EndedAsync(Task running) => await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task CopiedAsync(int count)
    {
        _agent = new AgentLedger(_folder);
        _agent.Append(count);
        await SeesAsync(s => s.Status == ChainStatus.Verified && s.Copied == count);
    }

    private IReadOnlyList<LedgerLine> Told(string status) =>
        [.. _ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = HostVerbs.ChainStatus }).Lines.Where(line => line.Action!.Details["status"] == status)];

    private async Task<ChainStanding> SeesAsync(Func<ChainStanding, bool> wanted)
    {
        await UntilAsync(
            () =>
            {
                _mirror.Mark();
                return _mirror.Standing is { } standing && wanted(standing);
            },
            () => $"{_mirror.Standing}");
        return _mirror.Standing!;
    }

    private static async Task UntilAsync(Func<bool> wanted, Func<string> otherwise)
    {
        using var ceiling = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ceiling.CancelAfter(TimeSpan.FromSeconds(40));
        while (!wanted())
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ceiling.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"It did not come to that: {otherwise()}");
            }
        }
    }
}
