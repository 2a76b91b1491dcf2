using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

public sealed class LedgerStoreTests
{
    [Fact]
    public async Task Of_those_who_are_written_together_one_that_cannot_be_fails_alone()
    {
        await using var ledger = new TestLedger();
        using var hold = new ManualResetEventSlim();
        var held = ledger.Store.RunAsync(_ => hold.Wait(TestContext.Current.CancellationToken));      // all that follow are one group
        var before = ledger.ActAsync(2);
        var damaged = ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "lost" }, TestLedger.Ours, ledger.Clock.GetUtcNow())], static _ => throw new LedgerDamagedException("It is torn."), default);
        var broken = ledger.Store.RunAsync(static _ => throw new InvalidOperationException("A mistake."));
        var after = ledger.ActAsync(3);
        hold.Set();

        await Task.WhenAll(held, before, after);
        Assert.Equal("It is torn.", (await Assert.ThrowsAsync<LedgerDamagedException>(() => damaged)).Message);
        Assert.IsType<InvalidOperationException>((await Assert.ThrowsAsync<LedgerDamagedException>(() => broken)).InnerException);
        Assert.Equal(Enumerable.Repeat("test.act", 5), ledger.Queries.Page(TestLedger.Ours, new()).Lines.Select(line => line.Type));
        await ledger.SignAsync();
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
    }

    [Fact]
    public async Task What_was_appended_is_there_after_a_restart_signed_and_verifies()
    {
        await using var ledger = new TestLedger();
        for (var i = 0; i < 7; i++)
        {
            await ledger.ActAsync(100);
            await ledger.SignAsync();
            await ledger.ReopenAsync();
        }

        var report = ledger.Check();

        Assert.Equal((CheckResult.Ok, 700L, 700L, 7L), (report.Result, report.Entries, report.SignedEntries, report.Heads));
        Assert.Equal("ledger.example/ledger/11111111111171118111111111111111", ledger.Store.Newest(TestLedger.Ours)!.Origin);
    }

    [Fact]
    public async Task Many_at_once_all_get_numbers_of_their_own()
    {
        await using var ledger = new TestLedger();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(async i =>
            (await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "v", Text = $"{i}" }, TestLedger.Ours, ledger.Clock.GetUtcNow())], default)).Single()));

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (long)i), numbers.Order());
        Assert.Equal(1_000, ledger.Check().Entries);
    }

    [Fact]
    public async Task A_log_that_is_on_the_disk_and_not_known_yet_keeps_no_other_from_being_signed()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(1);
        ledger.Tamper("INSERT INTO log(origin, tenant, epoch, size, frontier) SELECT 'new', ?1, 1, 0, frontier FROM log LIMIT 1", "00000000-0000-7000-8000-000000000001");

        await ledger.SignAsync();

        Assert.Equal(1, ledger.Queries.Heads(TestLedger.Ours)[0].Size);
    }

    [Fact]
    public async Task Each_organisation_has_a_log_of_its_own_and_the_root_log_has_the_heads_of_all()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        await ledger.ActAsync(5, TestLedger.Theirs);
        await ledger.SignAsync();

        using var ours = ledger.Store.Open(TestLedger.Ours)!;
        using var theirs = ledger.Store.Open(TestLedger.Theirs)!;
        using var root = ledger.Store.Open(LogName.Root)!;
        Assert.Equal((3L, 5L, 2L), (ours.Size, theirs.Size, root.Size));
        Assert.Equal("ledger.example/ledger/root", root.Origin);
        Assert.True(LedgerRecord.TryParse(root.Entry(0), out var record));
        Assert.Equal(ours.NewestCheckpoint()!.Text, ActionBody.Parse(record.Body.ToArray())!.Text);
        Assert.Equal(2, root.NewestCheckpoint()!.Size);
    }

    [Fact]
    public async Task The_same_event_of_a_server_is_taken_once()
    {
        await using var ledger = new TestLedger();
        var rows = TestLedger.Chain(5).Select(row => NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow())).ToList();

        var first = await ledger.Store.AppendAsync(TestLedger.Ours, rows[..3], default);
        var again = await ledger.Store.AppendAsync(TestLedger.Ours, rows, default);

        Assert.Equal([0, 1, 2], first);
        Assert.Equal([-1, -1, -1, 3, 4], again);
        var chain = Assert.Single(ledger.Check().Chains);
        Assert.Equal(new ChainReport(TestLedger.Server, 1, 5, 0, 0, null), chain);
    }

    [Fact]
    public async Task Events_that_do_not_verify_are_kept_and_flagged()
    {
        await using var ledger = new TestLedger();
        var rows = TestLedger.Chain(4).ToList();
        rows[1] = rows[1] with { Hash = rows[0].Hash };
        rows[3] = new ChainRow(rows[3].Event with { Actor = "a|b" }, rows[3].Hash);
        await ledger.Store.AppendAsync(TestLedger.Ours, [.. rows.Select(row => NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow()))], default);

        var flags = ledger.Queries.Page(TestLedger.Ours, new()).Lines.Select(line => line.Flags).Reverse();
        Assert.Equal([EventFlags.None, EventFlags.HashWrong, EventFlags.LinkBroken, EventFlags.HashWrong], flags);
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
        Assert.Equal(1, ledger.Check().Chains.Single().FirstBroken);
    }

    [Fact]
    public async Task A_body_too_long_for_an_entry_is_kept_beside_it()
    {
        await using var ledger = new TestLedger();
        var text = new string('x', 200_000);
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "v", Text = text }, TestLedger.Ours, ledger.Clock.GetUtcNow())], default);
        await ledger.SignAsync();

        Assert.Equal(text, ledger.Queries.Entry(TestLedger.Ours, 0)!.Action!.Text);
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
        ledger.Tamper("UPDATE side SET data = ?1", new byte[200_010]);
        Assert.Equal("Does not verify at entry 0: what is kept beside it is not what was written.", ledger.Check().Sentence);
        await Assert.ThrowsAsync<ArgumentException>(() => ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "v", Text = new string('x', 1_100_000) }, TestLedger.Ours, ledger.Clock.GetUtcNow())], default));
    }

    [Fact]
    public async Task A_second_process_is_refused_as_a_writer_and_may_read()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);

        var refused = Assert.Throws<StartRefusedException>(() => new LedgerStore(ledger.Settings, NullLogger<LedgerStore>.Instance));
        Assert.Contains("another process has it", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, ledger.Ask<long>("SELECT size FROM log"));
    }

    [Fact]
    public async Task What_somebody_else_wrote_in_between_is_noticed_and_nothing_is_added()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        ledger.Tamper("UPDATE log SET size = 2");

        await Assert.ThrowsAsync<LedgerDamagedException>(() => ledger.ActAsync(1));
    }

    [Fact]
    public async Task An_hour_of_silence_is_stated_and_signed()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        ledger.Clock.Advance(TimeSpan.FromMinutes(59));
        await ledger.SignAsync();
        Assert.Single(ledger.Queries.Heads(TestLedger.Ours));

        ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        await ledger.SignAsync();
        await ledger.SignAsync();

        Assert.Equal([2, 1], ledger.Queries.Heads(TestLedger.Ours).Select(head => head.Size));
        Assert.Equal(RecordKind.Heartbeat, ledger.Queries.Page(TestLedger.Ours, new()).Lines[0].Kind);
    }

    [Fact]
    public async Task A_ledger_of_an_older_version_is_brought_up_to_this_one()
    {
        var folder = Directory.CreateTempSubdirectory("osmoda-old-ledger-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "data"));
        using (var old = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "data", "ledger.db")};Pooling=False"))
        {
            old.Open();
            old.Run(LedgerSchema.Steps[0]);
            old.Run("PRAGMA user_version = 1");
        }

        await using (var ledger = new TestLedger(folder.FullName))
        {
            await ledger.ActAsync(3);
            await ledger.SignAsync();
            Assert.Equal(CheckResult.Ok, ledger.Check().Result);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_mistake_of_one_who_listens_does_not_end_the_writing()
    {
        await using var ledger = new TestLedger();
        using (ledger.Store.Subscribe(static _ => throw new InvalidOperationException("This listener is broken.")))
        {
            await ledger.ActAsync(1).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await ledger.ActAsync(1).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        await ledger.ActAsync(1).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(3, ledger.Ask<long>("SELECT count(*) FROM entry"));
    }

    [Fact]
    public async Task The_key_is_in_a_file_of_its_own_that_nobody_else_reads()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        var file = Directory.GetFiles(ledger.Settings.KeyFolder, "*111.key").Single();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.True(SignerKey.TryParse(File.ReadAllText(file).Trim(), out var key));
        key.Dispose();
        await ledger.ActAsync(1);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await ledger.SignAsync();
        Assert.Contains("chmod 600", ledger.Publisher.Stopped.Single().Value, StringComparison.Ordinal);
        Assert.False(ledger.Queries.State(TestLedger.Ours)!.NeedsEpoch);
    }
}
