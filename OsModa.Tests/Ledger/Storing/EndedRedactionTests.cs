using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>A text is taken out of an epoch that has ended: the newest one says so.</summary>
public sealed class EndedRedactionTests : RedactionRoom
{
    [Theory]
    [InlineData(10, 4)]       // in the bundle that never became full
    [InlineData(300, 4)]
    [InlineData(256, 255)]
    public async Task The_text_of_an_entry_of_an_ended_epoch_is_gone_and_the_newest_epoch_says_so(int count, long seq)
    {
        await using var ledger = await EndedAsync(() => Task.FromResult(new TestLedger()), count);
        await ledger.ActAsync(count);     // its own entry of that number has its text
        var before = ledger.Queries.Entry(TestLedger.Ours, seq, 1)!;

        Assert.Null(await RedactAsync(ledger, seq, epoch: 1));
        await ledger.SignAsync();

        Assert.Empty(ledger.Publisher.Stopped);
        Assert.False(Contains(ledger, $"secret number {seq} "));
        Assert.All(All(ledger), static one => Assert.Equal((one.Origin, CheckResult.Ok), (one.Origin, one.Report.Result)));
        Assert.Equal(CheckResult.Ok, ledger.Queries.Check(TestLedger.Ours, epoch: 1)!.Result);
        var after = ledger.Queries.Entry(TestLedger.Ours, seq, 1)!;
        Assert.Equal((before.Leaf, true, count + 1L, 2u, "Ann", "asked for it"), (after.Leaf, after.Proof!.Includes(after.Leaf), after.Line.Redaction!.At, after.Line.Redaction.Epoch!.Value, after.Line.Redaction.Who, after.Line.Redaction.Why));
        Assert.NotNull(ledger.Queries.Entry(TestLedger.Ours, seq)!.Action);
        var said = ledger.Queries.Entry(TestLedger.Ours, count + 1)!.Action!;
        Assert.Equal((Ended(ledger), $"{seq}"), (said.Details["endedOrigin"], said.Details["entry"]));
        Assert.Equal("Its text was taken out before.", await RedactAsync(ledger, seq, epoch: 1));
        Assert.Equal($"There is no entry {seq}.", await RedactAsync(ledger, seq, epoch: 3));

        ledger.Tamper("DELETE FROM redacted");
        Assert.All(All(ledger), static one => Assert.Equal(CheckResult.Ok, one.Report.Result));     // the entries say it, not the table
    }

    [Fact]
    public async Task A_text_that_is_gone_from_an_ended_epoch_without_an_entry_of_a_later_one_is_a_broken_ledger()
    {
        await using var ledger = await EndedAsync(() => Task.FromResult(new TestLedger()), 10);
        Assert.Null(await RedactAsync(ledger, 3, epoch: 1));
        await ledger.SignAsync();
        var entry = ledger.Queries.Entry(TestLedger.Ours, 4, 1)!.Record;
        var bundle = ledger.Ask<byte[]>("SELECT data FROM bundle WHERE log = 1 AND n = 0");
        ledger.Tamper("UPDATE bundle SET data = ?1 WHERE log = 1 AND n = 0", Core.Ledger.Tree.EntryBundle.Replace(bundle, 4, LedgerRecord.Redact(entry))!);

        Assert.Equal((CheckResult.ContentMismatch, "Does not verify at entry 4: its text was taken out, and no entry says that it was redacted."), Said(ledger.Queries.Check(TestLedger.Ours, epoch: 1)!));
    }

    [Fact]
    public async Task A_long_text_of_an_ended_epoch_and_a_servers_event_go_too()
    {
        await using var ledger = await EndedAsync(TestBundle.SmallLedgerAsync, 0);

        Assert.Null(await RedactAsync(ledger, 5, epoch: 1));
        Assert.Null(await RedactAsync(ledger, 1, epoch: 1));
        await ledger.SignAsync();

        Assert.Equal(0, ledger.Ask<long>("SELECT count(*) FROM side"));
        Assert.All(All(ledger), static one => Assert.Equal(CheckResult.Ok, one.Report.Result));
        Assert.StartsWith("It says something of the ledger itself", await RedactAsync(ledger, 0, epoch: 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_of_an_ended_epoch_says_which_entry_of_which_log_tells_it()
    {
        await using var ledger = await EndedAsync(TestBundle.SmallLedgerAsync, 0);
        Assert.Null(await RedactAsync(ledger, 3, epoch: 1));
        await ledger.SignAsync();
        byte[][] files = [TestBundle.Make(ledger, new BundleRequest { Epoch = 1 }), TestBundle.Make(ledger, new BundleRequest { Epoch = 1, Source = TestLedger.Ours })];

        var told = $"But the text of entry 3 was taken out after its log had ended: that is told in {Ended(ledger)}/2 entry 1, which is not in the file. Check an export of that log too.";
        foreach (var file in files)
        {
            var key = ledger.Queries.State(TestLedger.Ours, 1)!.Key!;
            var (known, unknown) = (TestBundle.Check(file, key), TestBundle.Check(file));
            Assert.Equal((CheckResult.Policy, CheckResult.Policy, 3L), (known.Result, unknown.Result, known.At));
            Assert.EndsWith(told, known.Sentence, StringComparison.Ordinal);
            Assert.Contains("But the key is only what the file says of itself", unknown.Sentence, StringComparison.Ordinal);
            Assert.EndsWith(told, unknown.Sentence, StringComparison.Ordinal);
            Assert.Equal($"3 {Ended(ledger)}/2 1\n", Text(file, "redactions.txt"));
            Assert.Equal(CheckResult.ContentMismatch, TestBundle.Check(TestBundle.Forge(file, static (name, data) => name == "redactions.txt" ? null : data), key).Result);
            Assert.Equal(CheckResult.Malformed, TestBundle.Check(TestBundle.Forge(file, static (name, data) => name == "redactions.txt" ? "3 x\n"u8.ToArray() : data), key).Result);
        }

        Assert.Equal(CheckResult.Ok, TestBundle.Check(TestBundle.Make(ledger), ledger.Key).Result);
    }

    [Fact]
    public async Task What_says_that_a_text_of_an_ended_epoch_is_gone_outlasts_how_long_entries_are_kept()
    {
        await using var ledger = await EndedAsync(() => Task.FromResult(new TestLedger()), 10);
        var when = ledger.Clock.GetUtcNow();
        Assert.Null(await RedactAsync(ledger, 3, epoch: 1));
        await ledger.ActAsync(300);
        await ledger.SignAsync();
        ledger.Clock.Advance(TimeSpan.FromDays(40));
        await ledger.ActAsync(1);

        await ledger.Store.RunAsync(group => Dropping.Run(group, TestLedger.Ours, ledger.Clock.GetUtcNow() - TimeSpan.FromDays(30), new ActionBody { Verb = "" }, ledger.Clock.GetUtcNow()));
        await ledger.SignAsync();

        Assert.Equal(256, ledger.Queries.State(TestLedger.Ours)!.First);
        Assert.All(All(ledger), static one => Assert.Equal((one.Origin, CheckResult.Ok), (one.Origin, one.Report.Result)));
        var note = ledger.Queries.Entry(TestLedger.Ours, 3, 1)!.Line.Redaction!;
        Assert.Equal((304L, when, "asked for it"), (note.At, note.When, note.Why));
    }

    // So many more entries of Eve, and then a new epoch.
    private static async Task<TestLedger> EndedAsync(Func<Task<TestLedger>> make, int count)
    {
        var ledger = await make();
        await ActAsync(ledger, count);
        await ledger.SignAsync();
        await ledger.Store.BeginEpochAsync(TestLedger.Ours, new ActionBody { Verb = "", Who = "Ann", Why = "moved" }, ledger.Clock.GetUtcNow());
        await ledger.SignAsync();
        return ledger;
    }

    private static string Ended(TestLedger ledger) => ledger.Queries.Epochs(TestLedger.Ours)[^1].Origin;

    private static IReadOnlyList<(string Origin, CheckReport Report)> All(TestLedger ledger)
    {
        var guard = new ForkGuard(ledger.Settings.GuardFolder);
        return DatabaseCheck.Run(ledger.Settings.File, null, new LogTrust(ledger.Settings.PublicKeys()), guard.Read, null, guard.Later);
    }
}
