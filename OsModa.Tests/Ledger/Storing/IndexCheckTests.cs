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
    [InlineData("DELETE FROM entry WHERE log = 1 AND seq = 256", 256)]
    [InlineData("DELETE FROM entry WHERE log = 1 AND seq = 301", 301)]
    [InlineData("INSERT INTO entry SELECT log, 302, kind, source, epoch, NULL, received, type, actor, flags FROM entry WHERE log = 1 AND seq = 0", 302)]
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

    // 297 actions, three events of a server, two actions more.
    private static async Task<TestLedger> FullAsync()
    {
        var ledger = new TestLedger();
        await ledger.ActAsync(297);
        await ledger.Store.AppendAsync(TestLedger.Ours, [.. TestLedger.Chain(3).Select(row => NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow()))], default);
        await ledger.ActAsync(2);
        await ledger.SignAsync();
        return ledger;
    }
}
