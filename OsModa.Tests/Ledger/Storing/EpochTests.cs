using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>Logs that have ended stay what they were: they can be read, searched, proven and exported, and nothing that was signed of any epoch is forgotten.</summary>
public sealed class EpochTests
{
    [Fact]
    public async Task An_ended_epoch_is_searched_and_proven_and_exported_like_the_newest()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(300);
        await ledger.SignAsync();
        await EndAsync(ledger);
        await ledger.ActAsync(2);
        await ledger.SignAsync();

        Assert.Equal([2u, 1u], ledger.Queries.Epochs(TestLedger.Ours).Select(log => log.Epoch));
        Assert.Equal("number 7", Assert.Single(ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Epoch = 1, Text = "number 7\"" }).Lines).Action!.Text);
        Assert.Empty(ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Text = "number 7\"" }).Lines);
        var proof = ledger.Queries.Entry(TestLedger.Ours, 7, 1)!.Proof!;
        Assert.Equal(300, ledger.Queries.Heads(TestLedger.Ours, 9, 1)[0].Size);
        Assert.Contains("ledger/11111111111171118111111111111111\n300\n", proof.ToString(), StringComparison.Ordinal);
        var state = ledger.Queries.State(TestLedger.Ours, 1)!;
        Assert.Equal(("Ann", "the disk broke", 300, null), (state.End!.Who, state.End.Why, state.End.Size!.Value, state.Stopped));
        Assert.Null(ledger.Queries.State(TestLedger.Ours, 3));
        Assert.Null(ledger.Queries.State(TestLedger.Theirs, 1));

        var caller = new Core.Accounts.Caller(Guid.NewGuid(), "Ann", TestLedger.Ours, Core.Accounts.Role.Owner);
        var exports = new ExportLedger(ledger.Store, ledger.Writer, WitnessSettings.None);
        var export = (await exports.BundleAsync(caller, new BundleRequest { Epoch = 1 }, null, TestContext.Current.CancellationToken)).Value!;
        using var file = new MemoryStream();
        await using (export)
        {
            await export.WriteAsync(file, TestContext.Current.CancellationToken);
        }

        using var bundle = BundleFile.Open(new MemoryStream(file.ToArray()));
        var report = BundleCheck.Run(bundle, new LogTrust([state.Key!]));
        Assert.Equal((CheckResult.Ok, 300), (report.Result, report.SignedEntries));
        Assert.Equal("The ledger has no epoch 9.", (await exports.BundleAsync(caller, new BundleRequest { Epoch = 9 }, null, TestContext.Current.CancellationToken)).Errors.ByField.Values.Single());
    }

    [Fact]
    public async Task After_a_restore_the_ended_epoch_verifies_with_what_is_missing_as_long_as_the_guard_knows_what_was_told()
    {
        await using var ledger = new TestLedger();
        await RestoredAsync(ledger);
        await EndAsync(ledger);
        await ledger.SignAsync();

        var all = All(ledger);
        Assert.All(all, one => Assert.Equal(CheckResult.Ok, one.Report.Result));
        var ended = all.Single(one => one.Origin.EndsWith("8111111111111111", StringComparison.Ordinal)).Report;
        Assert.EndsWith("It ended there and goes on as ledger.example/ledger/11111111111171118111111111111111/2; 5 more entries were signed and are gone, which is told there.", ended.Sentence, StringComparison.Ordinal);
        Assert.Equal(ended.Sentence, ledger.Queries.Check(TestLedger.Ours, epoch: 1)!.Sentence);

        // Something else was signed of it than was told.
        await File.WriteAllTextAsync(GuardOfFirst(ledger), $"9 {Convert.ToBase64String(new byte[32])} 0\n", TestContext.Current.CancellationToken);
        Assert.Equal(
            (CheckResult.Consistency, "Of ledger.example/ledger/11111111111171118111111111111111 9 entries were signed, which is not what ledger.example/ledger/11111111111171118111111111111111/2 says of its end."),
            All(ledger).Select(one => (one.Report.Result, one.Report.Sentence)).Single(one => one.Result != CheckResult.Ok));
    }

    [Fact]
    public async Task What_is_written_while_an_epoch_begins_belongs_to_the_end_that_is_told()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(2);
        using var hold = new ManualResetEventSlim();
        var held = ledger.Store.RunAsync(_ => hold.Wait(TestContext.Current.CancellationToken));
        var written = ledger.ActAsync(3);
        var ended = EndAsync(ledger);
        hold.Set();
        await Task.WhenAll(held, written, ended);
        await ledger.SignAsync();

        Assert.Equal(5, ledger.Queries.State(TestLedger.Ours, 1)!.End!.Size);
        Assert.All(All(ledger), static one => Assert.Equal(CheckResult.Ok, one.Report.Result));
    }

    [Fact]
    public async Task A_file_of_the_guard_that_was_damaged_when_an_epoch_ended_is_said_and_is_no_error()
    {
        await using var ledger = new TestLedger();
        await RestoredAsync(ledger);
        await File.WriteAllTextAsync(GuardOfFirst(ledger), "torn\n", TestContext.Current.CancellationToken);
        await EndAsync(ledger);
        await ledger.SignAsync();

        Assert.All(All(ledger), static one => Assert.Equal(CheckResult.Ok, one.Report.Result));
        Assert.EndsWith("The file that says up to where it was signed was damaged then, which is told there.", ledger.Queries.Check(TestLedger.Ours, epoch: 1)!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_the_guard_that_is_damaged_is_the_trouble_of_its_epoch_alone()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        await EndAsync(ledger);
        await ledger.SignAsync();
        await File.WriteAllTextAsync(GuardOfFirst(ledger), "torn\n", TestContext.Current.CancellationToken);

        var all = All(ledger);
        Assert.Equal(3, all.Count);
        var wrong = all.Single(static one => one.Report.Result != CheckResult.Ok);
        Assert.EndsWith("8111111111111111", wrong.Origin, StringComparison.Ordinal);
        Assert.Contains("is damaged. It says up to where the ledger was signed", wrong.Report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_ended_epoch_loses_afterwards_is_noticed_though_it_was_never_signed()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        var (frontier, bundle, tile) = (ledger.Ask<byte[]>("SELECT frontier FROM log WHERE id = 1"), ledger.Ask<byte[]>("SELECT data FROM bundle WHERE log = 1"), ledger.Ask<byte[]>("SELECT data FROM tile WHERE log = 1"));
        await ledger.ActAsync(3);
        await EndAsync(ledger);
        await ledger.SignAsync();
        ledger.Tamper("UPDATE log SET size = 5, frontier = ?1 WHERE id = 1", frontier);
        ledger.Tamper("UPDATE bundle SET width = 5, data = ?1 WHERE log = 1", bundle);
        ledger.Tamper("UPDATE tile SET width = 5, data = ?1 WHERE log = 1", tile);
        ledger.Tamper("DELETE FROM entry WHERE log = 1 AND seq >= 5");

        Assert.Equal(
            "The ledger ledger.example/ledger/11111111111171118111111111111111 had ended with 8 entries, as ledger.example/ledger/11111111111171118111111111111111/2 says, and is not what it was then: somebody wrote to it since.",
            All(ledger).Single(one => one.Report.Result != CheckResult.Ok).Report.Sentence);
        Assert.Equal(CheckResult.Consistency, ledger.Queries.Check(TestLedger.Ours, epoch: 1)!.Result);
    }

    [Fact]
    public async Task A_database_that_has_lost_a_whole_epoch_is_not_written_and_the_next_one_gets_another_number()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        var backup = ledger.Settings.File + ".backup";
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File, backup));
        await EndAsync(ledger);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => File.Copy(backup, ledger.Settings.File, overwrite: true));

        var refused = await Assert.ThrowsAsync<ForkGuardException>(() => ledger.ActAsync(1));
        Assert.StartsWith(
            "The ledger ledger.example/ledger/11111111111171118111111111111111 went on as ledger.example/ledger/11111111111171118111111111111111/2, of which 1 entries were signed, and the database has nothing of that", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(ledger.Queries.State(TestLedger.Ours)!.Stopped);
        Assert.EndsWith("/2", All(ledger).Single(one => one.Report.Result == CheckResult.Consistency && one.Origin.Contains("1111", StringComparison.Ordinal)).Origin, StringComparison.Ordinal);

        await EndAsync(ledger);
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        Assert.Equal([3u, 1u], ledger.Queries.Epochs(TestLedger.Ours).Select(log => log.Epoch));
        Assert.Contains("/2 1 ", ledger.Queries.Entry(TestLedger.Ours, 0)!.Action!.Details["lostEpoch2"], StringComparison.Ordinal);
        Assert.Empty(ledger.Publisher.Stopped);
    }

    private static string GuardOfFirst(TestLedger ledger) => Directory.GetFiles(ledger.Settings.GuardFolder).Single(static file => file.EndsWith("8111111111111111", StringComparison.Ordinal));

    // Three entries are there, eight were signed.
    private static async Task RestoredAsync(TestLedger ledger)
    {
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        var backup = ledger.Settings.File + ".backup";
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File, backup));
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => File.Copy(backup, ledger.Settings.File, overwrite: true));
    }

    // The root log was restored with it, and goes on in a new epoch like it.
    private static async Task EndAsync(TestLedger ledger)
    {
        var who = new ActionBody { Verb = "", Who = "Ann", Why = "the disk broke" };
        await ledger.Store.BeginEpochAsync(TestLedger.Ours, who, ledger.Clock.GetUtcNow());
        if (ledger.Queries.State(LogName.Root)?.Stopped is not null)
        {
            await ledger.Store.BeginEpochAsync(LogName.Root, who, ledger.Clock.GetUtcNow());
        }
    }

    private static IReadOnlyList<(string Origin, CheckReport Report)> All(TestLedger ledger)
    {
        var guard = new ForkGuard(ledger.Settings.GuardFolder);
        return DatabaseCheck.Run(ledger.Settings.File, null, new LogTrust(ledger.Settings.PublicKeys()), guard.Read, null, guard.Later);
    }
}
