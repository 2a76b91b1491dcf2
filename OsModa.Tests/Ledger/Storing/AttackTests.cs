using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>What the owner of the database can do to it, and what is said then.</summary>
public sealed class AttackTests
{
    [Fact]
    public async Task Every_byte_of_the_evidence_matters()
    {
        await using var ledger = new TestLedger();
        await ledger.Store.AppendAsync(TestLedger.Ours, [.. TestLedger.Chain(3).Select(row => NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow()))], default);
        await ledger.SignAsync();
        await ledger.ActAsync(2);
        await ledger.SignAsync();
        var key = ledger.Key;
        Assert.Equal(CheckResult.Ok, ledger.Check(key).Result);

        foreach (var (table, column, where) in new[] { ("bundle", "data", "log = 1"), ("tile", "data", "log = 1"), ("checkpoint", "body", "log = 1 AND size = 3"), ("checkpoint", "body", "log = 1 AND size = 5") })
        {
            var good = ledger.Ask<byte[]>($"SELECT CAST({column} AS BLOB) FROM {table} WHERE {where}");
            for (var i = 0; i < good.Length; i++)
            {
                var bad = good.ToArray();
                bad[i] ^= (byte)(1 << (i % 8));
                ledger.Tamper($"UPDATE {table} SET {column} = {(column == "body" ? "CAST(?1 AS TEXT)" : "?1")} WHERE {where}", bad);
                Assert.NotEqual(CheckResult.Ok, ledger.Check(key).Result);
            }

            ledger.Tamper($"UPDATE {table} SET {column} = {(column == "body" ? "CAST(?1 AS TEXT)" : "?1")} WHERE {where}", good);
        }

        Assert.Equal(CheckResult.Ok, ledger.Check(key).Result);
    }

    [Fact]
    public async Task An_edited_entry_is_named()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(600);
        await ledger.SignAsync();
        var bundle = ledger.Ask<byte[]>("SELECT data FROM bundle WHERE log = 1 AND n = 1");
        EntryBundle.TryFind(bundle, 44, out var entry);
        bundle[bundle.AsSpan().IndexOf(entry) + entry.Length - 5] ^= 1;
        ledger.Tamper("UPDATE bundle SET data = ?1 WHERE log = 1 AND n = 1", bundle);

        var report = ledger.Check();

        Assert.Equal((CheckResult.ContentMismatch, 300L), (report.Result, report.At));
        Assert.Equal("Does not verify at entry 300: it is not what was written.", report.Sentence);
    }

    [Theory]
    [InlineData("DELETE FROM bundle WHERE log = 1 AND n = 1", "Does not verify at entry 256: there is no whole record.")]
    [InlineData("UPDATE bundle SET n = 9 - n WHERE log = 1 AND n IN (4, 5)", "Does not verify at entry 512: there is no whole record.")]
    [InlineData("DELETE FROM tile WHERE log = 1 AND level = 1", "Does not verify: the hashes of tile/1/000 are not those of the entries.")]
    [InlineData("UPDATE log SET size = size - 1 WHERE id = 1", "Does not verify at entry 599: there is more in its bundle than there should be.")]
    [InlineData("UPDATE log SET size = 512 WHERE id = 1", "A head of 600 entries was signed, but there are only 512: the newest are gone.")]
    public async Task What_is_missing_or_moved_is_told(string sql, string sentence)
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(600);
        await ledger.SignAsync();
        ledger.Tamper(sql.Replace("n IN (4, 5)", "n = 2", StringComparison.Ordinal));

        Assert.Equal(sentence, ledger.Check().Sentence);
    }

    [Fact]
    public async Task A_history_written_anew_and_signed_with_another_key_is_not_the_logs()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(10);
        await ledger.SignAsync();
        using var stranger = SignerKey.Generate(ledger.Store.Newest(TestLedger.Ours)!.Origin);
        var note = ledger.Queries.Heads(TestLedger.Ours).Single().Note!;
        ledger.Tamper("UPDATE checkpoint SET body = ?1 WHERE log = 1", SignedNote.Sign(note.Text, stranger).ToString());

        Assert.Equal(CheckResult.Signature, ledger.Check().Result);
    }

    [Fact]
    public async Task A_history_written_anew_and_signed_with_the_stolen_key_contradicts_the_guard_and_every_head_that_was_kept()
    {
        await using var ledger = new TestLedger();
        await using var thief = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        var (key, seen) = (ledger.Key, ledger.Queries.Heads(TestLedger.Ours)[0].Note!);
        Directory.CreateDirectory(thief.Settings.KeyFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Array.ForEach(Directory.GetFiles(ledger.Settings.KeyFolder), file => File.Copy(file, Path.Combine(thief.Settings.KeyFolder, Path.GetFileName(file))));
        await thief.Writer.NoticeAsync(new(TestLedger.Ours, null, "x"), "another.history", "");
        await thief.ActAsync(4);
        await thief.SignAsync();
        await thief.CloseAsync();
        await ledger.ReopenAsync(() => File.Copy(thief.Settings.File, ledger.Settings.File, overwrite: true));

        Assert.Equal(CheckResult.Ok, ledger.Check(key).Result);    // by itself it is in order
        using var reader = ledger.Store.Open(TestLedger.Ours)!;
        var report = LogCheck.Run(reader, new LogTrust([key]) { Seen = [seen] });
        Assert.Equal(
            (CheckResult.Consistency, "At 5 entries this is another history than the one that was seen before, and both are signed. Keep both: they are the evidence."),
            (report.Result, report.Sentence));
        var refused = await Assert.ThrowsAsync<ForkGuardException>(() => ledger.ActAsync(1));
        Assert.Contains("differs from what was signed at 5 entries", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_on_the_disk_after_it_was_written_is_never_signed()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(10);
        var bundle = ledger.Ask<byte[]>("SELECT data FROM bundle WHERE log = 1");
        bundle[100] ^= 1;
        ledger.Tamper("UPDATE bundle SET data = ?1 WHERE log = 1", bundle);
        await ledger.SignAsync();

        Assert.Empty(ledger.Queries.Heads(TestLedger.Ours));
        Assert.Equal("The ledger ledger.example/ledger/11111111111171118111111111111111 is damaged: entry 0 is not what was written.", ledger.Queries.State(TestLedger.Ours)!.Stopped);
        ledger.Clock.Advance(Publisher.Again);
        await ledger.SignAsync();
        Assert.Empty(ledger.Queries.Heads(TestLedger.Ours));
        Assert.True(ledger.Queries.State(TestLedger.Ours)!.NeedsEpoch);
    }

    [Fact]
    public async Task A_right_edge_that_a_fault_of_the_memory_has_changed_is_never_signed()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        ledger.Tamper("UPDATE log SET frontier = ?1", new byte[64]);
        await ledger.SignAsync();

        Assert.Empty(ledger.Queries.Heads(TestLedger.Ours));
        Assert.Contains("does not give the root", ledger.Queries.State(TestLedger.Ours)!.Stopped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_with_a_reason_goes_on_after_a_restored_backup_and_nobody_else()
    {
        await using var ledger = new TestLedger();
        var begin = new BeginLedgerEpoch(ledger.Store, ledger.Queries, ledger.Clock);
        var owner = new Caller(Guid.NewGuid(), "Ann", TestLedger.Ours, Role.Owner);
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        Assert.Equal("The ledger is in order: there is nothing to break off.", await begin.RunAsync(owner, "just so"));
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File, ledger.Settings.File + ".backup"));
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File + ".backup", ledger.Settings.File, overwrite: true));
        begin = new BeginLedgerEpoch(ledger.Store, ledger.Queries, ledger.Clock);

        Assert.NotNull(await begin.RunAsync(owner with { Role = Role.Operator }, "Restored the backup of Tuesday"));
        Assert.NotNull(await begin.RunAsync(owner, " "));
        Assert.Null(await begin.RunAsync(owner, "Restored the backup of Tuesday"));

        await ledger.ActAsync(1);
        await ledger.SignAsync();
        var state = ledger.Queries.State(TestLedger.Ours)!;
        Assert.Equal((2u, 2L, (string?)null), (state.Epoch, state.Size, state.Stopped));
        Assert.Null(ledger.Queries.State(LogName.Root)!.Stopped);
    }

    [Fact]
    public async Task A_restored_backup_is_read_and_neither_written_nor_signed_until_a_new_epoch_begins()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File, ledger.Settings.File + ".backup"));
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        var signed = ledger.Queries.Heads(TestLedger.Ours)[0];
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File + ".backup", ledger.Settings.File, overwrite: true));

        var refused = await Assert.ThrowsAsync<ForkGuardException>(() => ledger.ActAsync(1));
        Assert.Equal((5L, 10L), (refused.Size, refused.Signed.Size));
        Assert.Contains("has 5 entries, but 10 were signed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(5, ledger.Queries.Page(TestLedger.Ours, new()).Lines.Count);
        await ledger.SignAsync();
        Assert.Equal([5], ledger.Queries.Heads(TestLedger.Ours).Select(head => head.Size));

        await ledger.Store.BeginEpochAsync(TestLedger.Ours, new ActionBody { Verb = "", Who = "Ann", Why = "The disk broke" }, ledger.Clock.GetUtcNow());
        await ledger.ActAsync(1);
        await ledger.SignAsync();

        var state = ledger.Queries.State(TestLedger.Ours)!;
        Assert.Equal(("ledger.example/ledger/11111111111171118111111111111111/2", 2u, 2L, (string?)null), (state.Origin, state.Epoch, state.Size, state.Stopped));
        var first = ledger.Queries.Entry(TestLedger.Ours, 0)!;
        Assert.Equal(RecordKind.EpochStart, first.Line.Kind);
        Assert.Equal(("The disk broke", "5", "10"), (first.Action!.Why, first.Action.Details["endedSize"], first.Action.Details["signedSize"]));
        Assert.True(Checkpoint.TryParse(signed.Note!.Text, out var head));
        Assert.Equal(head.Root.ToBase64(), first.Action.Details["signedRoot"]);
    }

    [Fact]
    public async Task An_event_that_says_it_is_older_than_a_state_that_does_not_have_it_is_shown_between_the_states_it_came_between()
    {
        await using var ledger = new TestLedger();
        var rows = TestLedger.Chain(2).ToList();
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        await AppendAsync(rows[0]);
        ledger.Clock.Advance(TimeSpan.FromHours(2));
        await ledger.SignAsync();
        await AppendAsync(rows[1]);
        await ledger.SignAsync();

        var (inTime, late) = (ledger.Queries.Entry(TestLedger.Ours, 3)!, ledger.Queries.Entry(TestLedger.Ours, 4)!);

        Assert.Equal((3, 4, false), (inTime.After!.Size, inTime.Before!.Size, inTime.IsBackdated));
        Assert.Equal((4, 5, true), (late.After!.Size, late.Before!.Size, late.IsBackdated));

        Task AppendAsync(ChainRow row) => ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow())], default);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]    // the first of them counts: what was not there then may have come after it
    public async Task When_a_witness_cosigned_the_state_before_an_event_its_clock_counts_and_not_ours(bool isCosignedLater, bool isCosignedAtOnce, bool isBackdated)
    {
        await using var ledger = new TestLedger();
        using var witness = SignerKey.Generate("a.example/witness");
        using var other = SignerKey.Generate("b.example/witness");
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        Cosign(isCosignedLater, witness, TimeSpan.FromHours(2));
        Cosign(isCosignedAtOnce, other, TimeSpan.Zero);
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(TestLedger.Chain(1).Single(), ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow())], default);

        var entry = ledger.Queries.Entry(TestLedger.Ours, 3)!;

        Assert.Equal(isBackdated, entry.IsBackdated);
        Assert.Equal((isCosignedLater ? 1 : 0) + (isCosignedAtOnce ? 1 : 0), entry.After!.Cosignatures.Count);

        void Cosign(bool does, SignerKey by, TimeSpan later)
        {
            if (does)
            {
                ledger.Tamper(
                    "INSERT INTO cosig(log, size, witness, line, t) VALUES(?1, 3, ?2, ?3, 0)",
                    ledger.Store.Newest(TestLedger.Ours)!.Id, by.Name, by.Cosign(ledger.Queries.State(TestLedger.Ours)!.Newest!.Text, ledger.Clock.GetUtcNow() + later).Line);
            }
        }
    }

    [Fact]
    public async Task A_deleted_database_is_noticed_and_does_not_stop_other_organisations()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => Array.ForEach(Directory.GetFiles(Path.GetDirectoryName(ledger.Settings.File)!, "ledger.db*"), File.Delete));

        for (var turn = 0; turn < 2; turn++)
        {
            await Assert.ThrowsAsync<ForkGuardException>(() => ledger.ActAsync(1));
            await ledger.ActAsync(1, TestLedger.Theirs);
        }

        Assert.Equal(2, ledger.Queries.Page(TestLedger.Theirs, new()).Lines.Count);
    }

    [Fact]
    public async Task A_deleted_database_is_noticed_also_when_the_machine_has_another_name_since_and_an_owner_goes_on_under_the_old_one()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.CloseAsync();
        Array.ForEach(Directory.GetFiles(Path.GetDirectoryName(ledger.Settings.File)!, "ledger.db*"), File.Delete);

        await using var store = new LedgerStore(ledger.Settings with { Host = "0f3c2a9d71be" }, NullLogger<LedgerStore>.Instance);
        var publisher = new Publisher(store, ledger.Clock, NullLogger<Publisher>.Instance);
        var (queries, writer) = (new LedgerQueries(store, publisher), new LedgerWriter(store, ledger.Clock, NullLogger<LedgerWriter>.Instance));

        var refused = await Assert.ThrowsAsync<ForkGuardException>(() => writer.IntendAsync(new(TestLedger.Ours, null, "Ann"), "test.act"));
        Assert.StartsWith("The ledger ledger.example/ledger/11111111111171118111111111111111 has 0 entries, but 5 were signed", refused.Message, StringComparison.Ordinal);
        await writer.IntendAsync(new(TestLedger.Theirs, null, "Eve"), "test.act");
        Assert.Equal("0f3c2a9d71be/ledger/22222222222272228222222222222222", store.Newest(TestLedger.Theirs)!.Origin);

        var owner = new Caller(Guid.NewGuid(), "Ann", TestLedger.Ours, Role.Owner);
        Assert.Null(await new BeginLedgerEpoch(store, queries, ledger.Clock).RunAsync(owner, "the disk broke"));
        await publisher.PublishAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("ledger.example/ledger/11111111111171118111111111111111/2", null), (queries.State(TestLedger.Ours)!.Origin, queries.State(TestLedger.Ours)!.Stopped));
        Assert.Equal("ledger.example/ledger/root/2", store.Newest(LogName.Root)!.Origin);
        Assert.Empty(publisher.Stopped);
    }

    [Fact]
    public async Task Another_database_of_the_same_length_is_noticed()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        var guard = Directory.GetFiles(ledger.Settings.GuardFolder, "*111").Single();
        await ledger.ReopenAsync(() => File.WriteAllText(guard, File.ReadAllText(guard).Replace(ledger.Ask<string>("SELECT body FROM checkpoint WHERE log = 1").Split('\n')[2], TreeHash.Zero.ToBase64(), StringComparison.Ordinal)));

        var refused = await Assert.ThrowsAsync<ForkGuardException>(() => ledger.ActAsync(1));
        Assert.Contains("differs from what was signed at 5 entries", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_the_guard_that_a_crash_cut_short_does_not_count()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        var guard = Directory.GetFiles(ledger.Settings.GuardFolder, "*111").Single();
        await ledger.ReopenAsync(() => File.AppendAllText(guard, "99 AAAA"));

        await ledger.ActAsync(1);
        await ledger.SignAsync();

        Assert.Equal(6, ledger.Queries.Heads(TestLedger.Ours)[0].Size);
        Assert.Equal(2, File.ReadAllLines(guard).Length);
    }
}
