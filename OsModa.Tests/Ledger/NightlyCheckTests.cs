using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger;

/// <summary>Once a night everything is read and checked, and what came of it is an entry.</summary>
public sealed class NightlyCheckTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_epoch_and_every_chain_is_checked_once_a_night_and_the_result_is_an_entry()
    {
        await using var ledger = new TestLedger();
        var nightly = New(ledger);
        await ledger.Store.AppendAsync(TestLedger.Ours, [.. TestLedger.Chain(3).Select(row => NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow()))], default);
        await ledger.SignAsync();
        await ledger.Store.BeginEpochAsync(TestLedger.Ours, new ActionBody { Verb = "", Who = "Ann", Why = "moved" }, ledger.Clock.GetUtcNow());
        await ledger.SignAsync();
        await nightly.CheckDueAsync(Stop);
        Assert.Empty(Told(ledger));         // it is not night yet

        ledger.Clock.Advance(TimeSpan.FromDays(1));
        await nightly.CheckDueAsync(Stop);
        await nightly.CheckDueAsync(Stop);

        var told = Assert.Single(Told(ledger));
        Assert.Equal((NightlyCheck.Good, "osModa Dashboard", "All 4 entries of 2 epochs verify, with 3 events of servers' own ledgers. It took 0.0 s."), (told.Type, told.Actor, told.Action!.Text));
        Assert.Equal(("2", "4", "1", "3", "0.0"), (told.Action.Details["logs"], told.Action.Details["entries"], told.Action.Details["chains"], told.Action.Details["events"], told.Action.Details["seconds"]));
        Assert.Equal(new NightlyResult(told.ReceivedAt, true, told.Action.Text), New(ledger).Of(TestLedger.Ours));      // also after a new start

        ledger.Clock.Advance(TimeSpan.FromDays(1));
        await New(ledger).CheckDueAsync(Stop);
        Assert.Equal(2, Told(ledger).Count);
    }

    [Fact]
    public async Task What_does_not_verify_is_told_until_it_does()
    {
        await using var ledger = new TestLedger();
        var nightly = New(ledger);
        await ledger.ActAsync(300);
        await ledger.SignAsync();
        var good = ledger.Ask<byte[]>("SELECT data FROM bundle WHERE log = 1 AND n = 0");
        ledger.Tamper("UPDATE bundle SET data = zeroblob(length(data)) WHERE log = 1 AND n = 0");
        ledger.Clock.Advance(TimeSpan.FromDays(1));

        await nightly.CheckDueAsync(Stop);
        Assert.Equal(NightlyCheck.Bad, Assert.Single(Told(ledger)).Type);
        Assert.Equal("ledger.example/ledger/11111111111171118111111111111111: Does not verify at entry 0: there is no whole record.", nightly.Of(TestLedger.Ours)!.Sentence);

        ledger.Tamper("UPDATE bundle SET data = ?1 WHERE log = 1 AND n = 0", good);
        ledger.Clock.Advance(TimeSpan.FromDays(1));
        await nightly.CheckDueAsync(Stop);
        Assert.True(nightly.Of(TestLedger.Ours)!.IsGood);
    }

    [Fact]
    public async Task A_database_that_is_older_than_what_was_signed_is_told_though_nothing_can_be_written_to_it()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File, ledger.Settings.File + ".backup"));
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File + ".backup", ledger.Settings.File, overwrite: true));
        var nightly = New(ledger);
        ledger.Clock.Advance(TimeSpan.FromDays(1));

        await nightly.CheckDueAsync(Stop);

        Assert.False(nightly.Of(TestLedger.Ours)!.IsGood);
        Assert.Contains("has 3 entries, but 8 were signed", nightly.Of(TestLedger.Ours)!.Sentence, StringComparison.Ordinal);
    }

    private static NightlyCheck New(TestLedger ledger) => new(ledger.Store, ledger.Queries, ledger.Clock, NullLogger<NightlyCheck>.Instance);

    private static IReadOnlyList<LedgerLine> Told(TestLedger ledger) => ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = NightlyCheck.Verb }).Lines;
}
