using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Faults;

/// <summary><c>./bench ledger faults</c> lets every single call fail.</summary>
public sealed class FailingDiskTests
{
    [Theory]
    [InlineData(SystemCallFault.Writes, "ENOSPC", 1)]
    [InlineData(SystemCallFault.Writes, "EIO", 2)]
    [InlineData(SystemCallFault.Writes, "EIO", 7)]
    [InlineData(SystemCallFault.Writes, "ENOSPC", 20)]
    [InlineData(SystemCallFault.Syncs, "EIO", 1)]
    [InlineData(SystemCallFault.Syncs, "EIO", 2)]
    [InlineData(SystemCallFault.Syncs, "ENOSPC", 4)]
    [InlineData(SystemCallFault.Renames, "EIO", 1)]
    [InlineData(SystemCallFault.Cuts, "EIO", 1)]
    public async Task A_disk_that_fails_once_costs_nothing_that_was_acknowledged_and_brings_no_head_that_does_not_verify(string calls, string error, int nth)
    {
        var place = Directory.CreateTempSubdirectory("osmoda-fault-").FullName;
        using var process = LedgerToKill.Start(place, nameof(LedgerToKill.Writes_a_little), new SystemCallFault(calls, error, nth).Before(place));
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.NotEqual(0, SystemCallFault.CountIn(place));
        Assert.Null(await WrittenLedger.WrongAsync(place));
        Directory.Delete(place, recursive: true);
    }

    [Fact]
    public async Task Names_of_files_that_are_made_or_renamed_are_put_on_the_disk_too()
    {
        var place = Directory.CreateTempSubdirectory("osmoda-fault-").FullName;
        var log = Path.Combine(place, "strace");
        using var process = LedgerToKill.Start(place, nameof(LedgerToKill.Writes_a_little), "strace", "-f", "-qq", "-y", "-o", log, "-e", "trace=fsync");
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        var (settings, synced) = (TestLedger.SettingsIn(place), await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
        foreach (var folder in new[] { Path.GetDirectoryName(settings.File), settings.KeyFolder, settings.GuardFolder })
        {
            Assert.Contains($"<{folder}>", synced, StringComparison.Ordinal);
        }

        Directory.Delete(place, recursive: true);
    }

    [Fact]
    public async Task A_head_that_the_guard_could_not_keep_is_not_signed_and_the_next_one_is()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        File.WriteAllText(ledger.Settings.GuardFolder, "no folder");

        await ledger.SignAsync();
        Assert.Empty(ledger.Queries.Heads(TestLedger.Ours));

        File.Delete(ledger.Settings.GuardFolder);
        await ledger.SignAsync();
        Assert.Equal([3], ledger.Queries.Heads(TestLedger.Ours).Select(static head => head.Size));
    }

    [Fact]
    public async Task A_verb_that_a_full_disk_keeps_from_being_written_may_be_tried_again_and_nothing_is_to_be_broken_off()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        await ledger.Store.RunAsync(static group => group.Connection.Run("PRAGMA max_page_count = 1"));

        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.Writer.IntendAsync(new(TestLedger.Ours, null, "Ann"), "test.act", why: new string('x', 200_000)));

        Assert.StartsWith("The ledger could not be written now, and may be tried again: ", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.NeedsEpoch);
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        Assert.Equal([4], ledger.Queries.Heads(TestLedger.Ours).Select(static head => head.Size));
    }

    [Fact]
    public async Task A_head_that_cannot_be_written_for_a_moment_is_written_in_the_next_round()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        await ledger.Store.RunAsync(static group =>
        {
            group.Connection.DefaultTimeout = 1;
            group.Connection.Run("PRAGMA busy_timeout = 1");
        });
        await using (var other = new SqliteConnection($"Data Source={ledger.Settings.File};Pooling=False"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            other.Run("BEGIN IMMEDIATE");
            await ledger.SignAsync();
            Assert.Empty(ledger.Queries.Heads(TestLedger.Ours));
            Assert.Empty(ledger.Publisher.Stopped);
            other.Run("ROLLBACK");
        }

        await ledger.SignAsync();
        Assert.Equal([3], ledger.Queries.Heads(TestLedger.Ours).Select(static head => head.Size));
    }
}
