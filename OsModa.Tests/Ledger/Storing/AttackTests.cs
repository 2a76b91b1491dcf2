using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
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
}
