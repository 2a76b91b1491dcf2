using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>Old entries are dropped, and what is left says from where on.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task Entries_older_than_they_are_kept_are_dropped_and_every_head_still_verifies()
    {
        await using var ledger = await OldAsync();
        var heads = ledger.Queries.Heads(TestLedger.Ours).Select(static head => head.Note!).ToList();

        await DropAsync(ledger);
        await ledger.SignAsync();

        var report = ledger.Check();
        Assert.Equal(
            (CheckResult.Ok, 512L, 189L, "All 189 entries are as they were signed. Those before entry 512 were dropped; their hashes are as they were signed."),
            (report.Result, report.First, report.Entries, report.Sentence));
        using (var reader = ledger.Store.Open(TestLedger.Ours)!)
        {
            Assert.Equal(CheckResult.Ok, LogCheck.Run(reader, new LogTrust([ledger.Key]) { Seen = [.. heads] }).Result);
        }

        Assert.Equal(4, report.Heads);
        Assert.NotNull(ledger.Queries.Consistency(TestLedger.Ours, 100, 700));
        var said = ledger.Queries.Entry(TestLedger.Ours, 700)!;
        Assert.Equal((RecordKind.Redaction, "ledger.drop", "512", "Entries are kept for 30 days."), (said.Line.Kind, said.Line.Type, said.Action!.Details["before"], said.Action.Text));
    }

    [Fact]
    public async Task What_was_dropped_is_gone_from_lists_files_and_searches_and_what_is_left_is_there()
    {
        await using var ledger = await OldAsync();
        await DropAsync(ledger);
        await ledger.SignAsync();

        Assert.Null(ledger.Queries.Entry(TestLedger.Ours, 511));
        Assert.NotNull(ledger.Queries.Entry(TestLedger.Ours, 512)!.Proof);
        Assert.Equal(512, ledger.Queries.State(TestLedger.Ours)!.First);
        Assert.Equal(188, ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Actor = "Ann" }, count: 200).Lines.Count);
        Assert.Empty(ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Text = "number 5 " }).Lines);
        Assert.Equal(0, ledger.Ask<long>("SELECT count(*) FROM side"));
        var bundle = TestBundle.Make(ledger);
        Assert.Equal((CheckResult.Ok, 512L), (TestBundle.Check(bundle, ledger.Key).Result, TestBundle.Check(bundle, ledger.Key).First));
        using var log = ledger.Store.Open(TestLedger.Ours)!;
        Assert.Equal("One of the single entries is not under the signed head of 701 entries.", BundlePlan.Of(log, new BundleRequest { Proofs = [3] }).Refused);
    }

    [Fact]
    public async Task It_goes_on_after_a_restart_and_drops_more_when_more_is_old()
    {
        await using var ledger = await OldAsync();
        await DropAsync(ledger);
        await DropAsync(ledger);
        await ledger.ReopenAsync();
        await ledger.ActAsync(400);
        await ledger.SignAsync();
        ledger.Clock.Advance(TimeSpan.FromDays(40));
        await ledger.ActAsync(1);
        await DropAsync(ledger);
        await ledger.SignAsync();

        var report = ledger.Check();
        Assert.Equal((CheckResult.Ok, 1024L, 1103L), (report.Result, report.First, report.SignedEntries));
        Assert.Empty(ledger.Publisher.Stopped);
    }

    [Fact]
    public async Task Entries_that_are_gone_without_one_that_says_so_are_a_broken_ledger()
    {
        await using var ledger = await OldAsync();
        ledger.Tamper("UPDATE log SET first = 256 WHERE id = 1; DELETE FROM bundle WHERE log = 1 AND n = 0");
        Assert.Equal((CheckResult.ContentMismatch, "The entries before 256 are gone, and no entry says that they were dropped."), Said(ledger.Check()));

        await using var second = await OldAsync();
        await DropAsync(second);
        await second.SignAsync();
        second.Tamper("UPDATE tile SET data = zeroblob(length(data)) WHERE log = 1 AND level = 0 AND n = 1");
        Assert.Equal((CheckResult.ContentMismatch, "Does not verify: the hashes of entries 256 to 511 are not what was written."), Said(second.Check()));
    }

    [Fact]
    public async Task What_is_not_signed_or_not_old_stays_and_without_the_setting_everything_does()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(600);
        ledger.Clock.Advance(TimeSpan.FromDays(40));
        await DropAsync(ledger);
        Assert.Equal(0, ledger.Queries.State(TestLedger.Ours)!.First);      // nothing is signed

        await ledger.SignAsync();
        await DropAsync(ledger, keep: null);
        await DropAsync(ledger, keep: 60);
        Assert.Equal((0L, 600L), (ledger.Queries.State(TestLedger.Ours)!.First, ledger.Queries.State(TestLedger.Ours)!.Size));
    }

    [Fact]
    public async Task A_long_text_that_a_later_entry_has_too_stays_until_that_is_dropped()
    {
        await using var ledger = new TestLedger();
        await TellAsync(ledger, new string('x', 70_000), new string('y', 70_000));
        await ledger.ActAsync(298);
        await ledger.SignAsync();
        ledger.Clock.Advance(TimeSpan.FromDays(40));
        await TellAsync(ledger, new string('y', 70_000));
        await ledger.SignAsync();
        await DropAsync(ledger);
        await ledger.SignAsync();

        Assert.Equal((256L, 1L), (ledger.Queries.State(TestLedger.Ours)!.First, ledger.Ask<long>("SELECT count(*) FROM side")));
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);

        await ledger.ActAsync(300);
        await ledger.SignAsync();
        ledger.Clock.Advance(TimeSpan.FromDays(40));
        await DropAsync(ledger);
        Assert.Equal((512L, 0L), (ledger.Queries.State(TestLedger.Ours)!.First, ledger.Ask<long>("SELECT count(*) FROM side")));
    }

    [Fact]
    public void However_many_long_texts_there_are_each_bundle_is_read_once()
    {
        var reads = new List<long>();
        var bundles = Enumerable.Range(0, 300).Select(static n => Beside(Enumerable.Range(n * 50, 50).Select(static text => text % 1000))).ToArray();
        Assert.Equal(500, OnlyIn(bundles[..20], 10).Count);
        Assert.Empty(OnlyIn(bundles, 10));
        Assert.Equal(Enumerable.Range(0, 30).Select(static n => (long)n), reads[^30..]);     // every text was found again in the first 30
        reads.Clear();
        byte[][] others = [.. bundles[..10], .. Enumerable.Repeat(Beside([5000]), 290)];
        Assert.Equal(500, OnlyIn(others, 10).Count);
        Assert.Equal(301, reads.Count);

        HashSet<TreeHash> OnlyIn(byte[][] all, long before) => BesideTexts.OnlyIn(
            n =>
            {
                reads.Add(n);
                return n < all.Length ? all[n] : [];
            },
            0,
            before);
    }

    [Fact]
    public async Task How_an_epoch_ended_is_known_after_the_beginning_of_the_next_one_was_dropped()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.Store.BeginEpochAsync(TestLedger.Ours, new ActionBody { Verb = "", Who = "Ann", Why = "moved" }, ledger.Clock.GetUtcNow());
        for (var i = 0; i < 2; i++)
        {
            await ledger.ActAsync(300);
            await ledger.SignAsync();
            ledger.Clock.Advance(TimeSpan.FromDays(40));
            await ledger.ActAsync(1);
            await DropAsync(ledger);
            await ledger.SignAsync();
        }

        Assert.Equal((CheckResult.Ok, 512L), (ledger.Check().Result, ledger.Check().First));
        Assert.Equal(("moved", 5L), (ledger.Queries.State(TestLedger.Ours, 1)!.End!.Why, ledger.Queries.State(TestLedger.Ours, 1)!.End!.Size));
        Assert.Null(ledger.Queries.Entry(TestLedger.Ours, 0));
        Assert.Equal(1, ledger.Ask<long>("SELECT count(*) FROM bundle WHERE log = (SELECT id FROM log WHERE epoch = 2) AND n < 2"));

        ledger.Tamper("UPDATE bundle SET data = CAST(replace(CAST(data AS TEXT), 'moved', 'faked') AS BLOB) WHERE log = (SELECT id FROM log WHERE epoch = 2) AND n = 0");
        Assert.Throws<LedgerDamagedException>(() => ledger.Queries.State(TestLedger.Ours, 1));
    }

    [Fact]
    public async Task A_servers_event_that_was_dropped_is_not_copied_again()
    {
        await using var ledger = new TestLedger();
        var rows = TestLedger.Chain(300).ToList();
        await CopyAsync(ledger, rows);
        await ledger.SignAsync();
        ledger.Clock.Advance(TimeSpan.FromDays(40));
        await ledger.ActAsync(1);
        await DropAsync(ledger);

        Assert.All((await CopyAsync(ledger, rows))[..256], static number => Assert.Equal(-1, number));
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
    }

    [Fact]
    public async Task A_change_of_key_that_was_dropped_still_counts()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(10);
        await ledger.SignAsync();
        var old = ledger.Key;
        await new RotateLedgerKey(ledger.Store, ledger.Clock).RunAsync(TestLedger.Ours, new ActionBody { Verb = "" });
        await ledger.ActAsync(500);
        await ledger.SignAsync();
        ledger.Clock.Advance(TimeSpan.FromDays(40));
        await ledger.ActAsync(1);
        await DropAsync(ledger);
        await ledger.SignAsync();

        Assert.Equal((CheckResult.Ok, 256L), (ledger.Check(old).Result, ledger.Check(old).First));
        Assert.Equal(CheckResult.Ok, TestBundle.Check(TestBundle.Make(ledger), old).Result);
    }

    // 700 entries in three heads, the first 600 of them old; a long text among the old ones.
    private static async Task<TestLedger> OldAsync()
    {
        var ledger = new TestLedger();
        await ledger.ActAsync(100);
        await ledger.SignAsync();
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "long", Text = new string('x', 70_000) }, TestLedger.Ours, ledger.Clock.GetUtcNow())], default);
        await ledger.ActAsync(499);
        await ledger.SignAsync();
        ledger.Clock.Advance(TimeSpan.FromDays(40));
        await ledger.ActAsync(100);
        await ledger.SignAsync();
        return ledger;
    }

    private static Task<long[]> TellAsync(TestLedger ledger, params string[] texts) => ledger.Store.AppendAsync(
        TestLedger.Ours, [.. texts.Select(text => NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "long", Text = text }, TestLedger.Ours, ledger.Clock.GetUtcNow()))], default);

    // A bundle of entries whose texts are beside the log.
    private static byte[] Beside(IEnumerable<int> texts)
    {
        var bundle = new List<byte>();
        foreach (var text in texts)
        {
            EntryBundle.Append(bundle, LedgerRecord.Write(RecordKind.Notice, TestLedger.Ours, 0, DateTimeOffset.UnixEpoch, TreeHash.Zero, LedgerRecord.Beside(BitConverter.GetBytes(text)), isBeside: true));
        }

        return [.. bundle];
    }

    private static Task DropAsync(TestLedger ledger, int? keep = 30) =>
        new Retention(ledger.Store, ledger.Settings with { KeepFor = keep is { } days ? TimeSpan.FromDays(days) : null }, ledger.Clock, NullLogger<Retention>.Instance).DropAsync(default);

    private static Task<long[]> CopyAsync(TestLedger ledger, List<ChainRow> rows) =>
        ledger.Store.AppendAsync(TestLedger.Ours, [.. rows.Select(row => NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow()))], default);

    private static (CheckResult Result, string Sentence) Said(CheckReport report) => (report.Result, report.Sentence);
}
