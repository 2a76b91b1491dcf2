using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>A database that is gone, or another one in its place, is noticed by what the guard knows of it.</summary>
public sealed class DeletedDatabaseTests
{
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
