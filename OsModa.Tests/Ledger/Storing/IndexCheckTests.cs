using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>The index that pages search by proves nothing; that it was changed is told all the same.</summary>
public sealed class IndexCheckTests
{
    [Theory]
    [InlineData("UPDATE entry SET actor = 'Bob' WHERE log = 1 AND seq = 301", 301)]
    [InlineData("UPDATE entry SET type = 'test.other' WHERE log = 1 AND seq = 3", 3)]
    [InlineData("UPDATE entry SET received = received + 1 WHERE log = 1 AND seq = 7", 7)]
    [InlineData("UPDATE entry SET source = zeroblob(16) WHERE log = 1 AND seq = 299", 299)]
    [InlineData("UPDATE entry SET kind = 5 WHERE log = 1 AND seq = 20", 20)]
    [InlineData("UPDATE entry SET epoch = 9 WHERE log = 1 AND seq = 298", 298)]
    [InlineData("UPDATE entry SET src_id = 77 WHERE log = 1 AND seq = 297", 297)]
    [InlineData("UPDATE entry SET flags = 4 WHERE log = 1 AND seq = 298", 298)]
    [InlineData("UPDATE entry SET flags = 16 WHERE log = 1 AND seq = 12", 12)]
    [InlineData("UPDATE entry SET flags = 0 WHERE log = 1 AND seq = 304", 304)]
    [InlineData("UPDATE entry SET actor = 'Bob' WHERE log = 1 AND seq = 303", 303)]
    [InlineData("UPDATE entry SET src_id = 7 WHERE log = 1 AND seq = 303", 303)]
    [InlineData("UPDATE entry SET src_id = NULL WHERE log = 1 AND seq = 303", 303)]
    [InlineData("DELETE FROM entry WHERE log = 1 AND seq = 256", 256)]
    [InlineData("DELETE FROM entry WHERE log = 1 AND seq = 304", 304)]
    [InlineData("INSERT INTO entry SELECT log, 305, kind, source, epoch, NULL, received, type, actor, flags FROM entry WHERE log = 1 AND seq = 0", 305)]
    public async Task What_was_changed_in_the_index_is_told_with_the_entry(string sql, long at)
    {
        await using var ledger = await FullAsync();
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);

        ledger.Tamper(sql);

        var report = ledger.Check();
        Assert.Equal((CheckResult.ContentMismatch, (long?)at), (report.Result, report.At));
        Assert.StartsWith($"The index for searching does not say of entry {at} what the entry says", report.Sentence, StringComparison.Ordinal);
        Assert.Equal(report.Sentence, ledger.Queries.Check(TestLedger.Ours)!.Sentence);
    }

    [Theory]
    [InlineData(ChainFormat.Piped, "nixos\0switch", "agentd")]
    [InlineData(ChainFormat.Piped, "nixos.switch", "agent\0d")]
    [InlineData(ChainFormat.Concatenated, "nixos\0switch", "agent\0d")]
    public async Task A_word_of_a_server_that_ends_at_a_NUL_in_the_index_is_no_change_of_it(ChainFormat format, string type, string actor)
    {
        await using var ledger = new TestLedger();
        var e = new UpstreamEvent(1, "2026-01-15T11:59:00.000Z", type, actor, "{}", TreeHash.Zero);
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(new ChainRow(e, e.Hash(format)), format, TestLedger.Server, 1, ledger.Clock.GetUtcNow())], default);
        await ledger.SignAsync();

        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
        ledger.Tamper("UPDATE entry SET type = 'other'");
        Assert.Equal(CheckResult.ContentMismatch, ledger.Check().Result);
    }

    [Fact]
    public async Task A_number_that_somebody_took_in_the_index_keeps_a_verb_from_being_carried_out_unwritten()
    {
        await using var ledger = await FullAsync();
        var size = ledger.Queries.State(TestLedger.Ours)!.Size;
        ledger.Tamper($"INSERT INTO entry SELECT log, {size}, kind, source, epoch, NULL, received, type, actor, flags FROM entry WHERE log = 1 AND seq = 0");

        var refused = await Assert.ThrowsAsync<LedgerDamagedException>(() => ledger.Writer.IntendAsync(new(TestLedger.Ours, null, "Ann"), "test.act"));

        Assert.StartsWith($"The index for searching has an entry {size} already", refused.Message, StringComparison.Ordinal);
        Assert.Equal(size, ledger.Queries.State(TestLedger.Ours)!.Size);
        await ledger.ActAsync(1, TestLedger.Theirs);
        Assert.Equal(1, ledger.Queries.State(TestLedger.Theirs)!.Size);
    }

    [Fact]
    public async Task A_right_edge_that_was_changed_is_told_by_the_check_and_nothing_is_put_on_it()
    {
        await using var ledger = await FullAsync();
        ledger.Tamper("UPDATE log SET frontier = zeroblob(length(frontier)) WHERE id = 1");

        Assert.StartsWith("The right edge that was kept of ledger.example/ledger/11111111111171118111111111111111 is not that of its entries", ledger.Check().Sentence, StringComparison.Ordinal);
        await ledger.ReopenAsync();
        var refused = await Assert.ThrowsAsync<LedgerDamagedException>(() => ledger.ActAsync(1));
        Assert.Equal("The ledger ledger.example/ledger/11111111111171118111111111111111 is damaged: its right edge is not that of its entries.", refused.Message);
    }

    [Theory]
    [InlineData("UPDATE tile SET data = zeroblob(length(data)) WHERE log = 1 AND level = 0 AND n = 1")]
    [InlineData("UPDATE bundle SET data = CAST(replace(CAST(data AS TEXT), 'Ann', 'Eve') AS BLOB) WHERE log = 1 AND n = 1")]
    public async Task A_last_tile_or_bundle_that_was_changed_is_found_when_the_log_is_opened(string sql)
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(260);
        ledger.Tamper(sql);
        await ledger.ReopenAsync();

        await Assert.ThrowsAsync<LedgerDamagedException>(() => ledger.ActAsync(1));
    }

    // 297 actions, three events of a server, two actions more, three events in the older format, of which the last does not follow.
    private static async Task<TestLedger> FullAsync()
    {
        var ledger = new TestLedger();
        await ledger.ActAsync(297);
        await ledger.Store.AppendAsync(TestLedger.Ours, [.. TestLedger.Chain(3).Select(row => NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow()))], default);
        await ledger.ActAsync(2);
        var older = new List<ChainRow>();
        for (var id = 1; id <= 3; id++)
        {
            var e = new UpstreamEvent(id, "2026-01-15T11:59:00.000Z", "nixos.switch", "agentd", "{}", id == 2 ? older[0].Hash : TreeHash.Zero);
            older.Add(new ChainRow(e, e.Hash(ChainFormat.Concatenated)));
        }

        await ledger.Store.AppendAsync(TestLedger.Ours, [.. older.Select(row => NewRecord.Of(row, ChainFormat.Concatenated, TestLedger.Server, 2, ledger.Clock.GetUtcNow()))], default);
        await ledger.SignAsync();
        return ledger;
    }
}
