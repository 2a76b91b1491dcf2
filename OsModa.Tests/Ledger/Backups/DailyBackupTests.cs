using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Backups;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Ledger.Backups;

public sealed class DailyBackupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-backups-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task One_is_made_a_day_and_the_newest_week_is_kept()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var daily = Daily(ledger);

        var first = daily.RunOnce();
        Assert.NotNull(first);
        Assert.Null(daily.RunOnce());
        for (var day = 0; day < DailyBackup.Kept; day++)
        {
            ledger.Clock.Advance(DailyBackup.Each);
            Assert.NotNull(daily.RunOnce());
        }

        Assert.Equal(DailyBackup.Kept, _folder.GetFiles().Length);
        Assert.False(File.Exists(first));
    }

    [Fact]
    public async Task A_damaged_ledger_makes_none_and_deletes_none()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var daily = Daily(ledger);
        var good = daily.RunOnce();
        ledger.Tamper("UPDATE bundle SET data = zeroblob(length(data)) WHERE log = 1");
        ledger.Clock.Advance(DailyBackup.Each);

        Assert.Null(daily.RunOnce());

        Assert.Equal([Path.GetFileName(good)], _folder.GetFiles().Select(static file => file.Name));
        Assert.Contains("does not verify", daily.State.Trouble, StringComparison.Ordinal);
        Assert.NotNull(daily.State.At);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_from_its_first_failure_on_until_it_can_be()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var folder = Path.Combine(_folder.FullName, "here");
        await File.WriteAllTextAsync(folder, "not a folder", TestContext.Current.CancellationToken);
        var daily = new DailyBackup(ledger.Store, ledger.Settings with { BackupFolder = folder }, ledger.Clock, NullLogger<DailyBackup>.Instance);
        var began = ledger.Clock.GetUtcNow();

        daily.RunOnce();
        ledger.Clock.Advance(DailyBackup.Look);
        daily.RunOnce();
        Assert.Equal((began, (DateTimeOffset?)null), (daily.State.TroubleSince, daily.State.At));
        Assert.Contains("cannot be written", daily.State.Trouble, StringComparison.Ordinal);

        File.Delete(folder);
        Assert.NotNull(daily.RunOnce());
        Assert.Equal(new BackupState(true, ledger.Clock.GetUtcNow(), null, null), daily.State);
    }

    [Fact]
    public async Task Before_the_first_entry_there_is_nothing_to_back_up()
    {
        await using var ledger = new TestLedger();

        Assert.Null(Daily(ledger).RunOnce());
        Assert.Empty(_folder.GetFiles());
    }

    private DailyBackup Daily(TestLedger ledger) => new(ledger.Store, ledger.Settings with { BackupFolder = _folder.FullName }, ledger.Clock, NullLogger<DailyBackup>.Instance);
}
