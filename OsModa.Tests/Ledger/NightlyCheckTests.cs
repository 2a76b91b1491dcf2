using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
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
        Assert.StartsWith("ledger.example/ledger/11111111111171118111111111111111: The ledger ledger.example/ledger/11111111111171118111111111111111 has 3 entries, but 8 were signed", nightly.Of(TestLedger.Ours)!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE entry SET source = x'00'", "has a value in its database that no ledger has")]
    [InlineData("UPDATE entry SET received = 9000000000000000000", "does not say of entry 0 what the entry says")]
    [InlineData("UPDATE checkpoint SET signed_at = 9000000000000000000", "the time at which it was signed at 3 entries is none")]
    public async Task A_value_in_the_database_that_was_never_written_is_told_and_ends_nothing(string sql, string sentence)
    {
        await using var ledger = new TestLedger();
        var nightly = New(ledger);
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        ledger.Tamper(sql);
        ledger.Clock.Advance(TimeSpan.FromDays(1));

        await nightly.CheckDueAsync(Stop);

        Assert.False(nightly.Of(TestLedger.Ours)!.IsGood);
        Assert.Contains(sentence, nightly.Of(TestLedger.Ours)!.Sentence, StringComparison.Ordinal);
        Assert.Equal(NightlyCheck.Bad, Assert.Single(Told(ledger)).Type);
        Assert.Contains(sentence, ledger.Check().Sentence, StringComparison.Ordinal);
        Assert.Contains(sentence, DatabaseCheck.Run(ledger.Settings.File, null, new(ledger.Settings.PublicKeys())).Single(one => one.Origin.EndsWith("8111111111111111", StringComparison.Ordinal)).Report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_of_a_time_that_is_still_to_come_does_not_put_off_the_next_check()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = NightlyCheck.Good, Text = "early" }, TestLedger.Ours, ledger.Clock.GetUtcNow().AddYears(3))], default);
        var nightly = New(ledger);

        await nightly.CheckDueAsync(Stop);
        await nightly.CheckDueAsync(Stop);

        Assert.Equal(2, Told(ledger).Count);
        Assert.Equal(ledger.Clock.GetUtcNow(), nightly.Of(TestLedger.Ours)!.At);
    }

    [Fact]
    public async Task What_could_not_be_looked_at_is_no_result_and_is_tried_again()
    {
        await using var ledger = new TestLedger();
        var nightly = New(ledger);
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        ledger.Tamper("ALTER TABLE entry RENAME TO elsewhere");
        ledger.Clock.Advance(TimeSpan.FromDays(1));
        await nightly.CheckDueAsync(Stop);

        ledger.Tamper("ALTER TABLE elsewhere RENAME TO entry");
        await nightly.CheckDueAsync(Stop);

        Assert.True(nightly.Of(TestLedger.Ours)!.IsGood);
        Assert.Single(Told(ledger));
    }

    [Fact]
    public async Task A_file_that_does_not_answer_for_a_moment_is_no_result_and_the_command_says_that_it_cannot_be_read()
    {
        await using var ledger = new TestLedger();
        var nightly = New(ledger);
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        ledger.Clock.Advance(TimeSpan.FromDays(1));
        await nightly.CheckDueAsync(Stop);
        ledger.Clock.Advance(TimeSpan.FromDays(1));
        var guard = Path.Combine(ledger.Settings.GuardFolder, ledger.Store.Newest(TestLedger.Ours)!.FileName);
        await using (new FileStream(guard, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            await nightly.CheckDueAsync(Stop);
        }

        Assert.Single(Told(ledger));
        var said = DatabaseCheck.Run(ledger.Settings.File, null, new(ledger.Settings.PublicKeys()), _ => throw new IOException("No answer.")).Select(static one => one.Report).First();
        Assert.Equal(CheckResult.Malformed, said.Result);
        Assert.EndsWith(" cannot be read at present, so nothing is known of it. Check again. No answer.", said.Sentence, StringComparison.Ordinal);

        await nightly.CheckDueAsync(Stop);
        Assert.Equal([NightlyCheck.Good, NightlyCheck.Good], Told(ledger).Select(static line => line.Type));
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_while_entries_are_read_is_no_damage()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        using var reader = ledger.Store.Open(TestLedger.Ours)!;

        Assert.Throws<LedgerUnavailableException>(() => LogCheck.Run(new Unreadable(reader), [ledger.Key], cancellationToken: Stop));
    }

    private static NightlyCheck New(TestLedger ledger) => new(ledger.Store, ledger.Queries, ledger.Clock, NullLogger<NightlyCheck>.Instance);

    private static IReadOnlyList<LedgerLine> Told(TestLedger ledger) => ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = NightlyCheck.Verb }).Lines;

    private sealed class Unreadable(ILogSource log) : ILogSource
    {
        public string Origin => log.Origin;

        public long Size => log.Size;

        public long First => log.First;

        public bool IsPart => log.IsPart;

        public ReadOnlySpan<byte> Bundle(long n) => throw LedgerUnavailableException.Reading(SQLitePCL.raw.SQLITE_IOERR);

        public ReadOnlySpan<byte> Tile(TileId id) => log.Tile(id);

        public byte[]? Beside(ReadOnlySpan<byte> sha256) => log.Beside(sha256);

        public IEnumerable<SignedHead> Checkpoints() => log.Checkpoints();

        public IReadOnlyList<KeyChange> KeyChanges() => log.KeyChanges();
    }
}
