using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Storing;
using OsModa.Dashboard.Commands;
using OsModa.Tests.Ledger;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Commands;

public sealed class BackUpLedgerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-backup-");

    private string Target => Path.Combine(_folder.FullName, "ledger-backup.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_copy_is_checked_then_put_in_place_and_its_heads_are_said()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var head = ledger.Queries.Heads(TestLedger.Ours)[0];

        var (exit, said, errors) = Run(Target, ledger.Settings.File);

        Assert.Equal((0, ""), (exit, errors));
        Assert.Contains("OK    ledger.example/ledger/11111111111171118111111111111111: All 6 entries are as they were signed.\n", said, StringComparison.Ordinal);
        Assert.Contains($"HEAD  ledger.example/ledger/11111111111171118111111111111111 6 {head.Note!.Text.Split('\n')[2]}\n", said, StringComparison.Ordinal);
        Assert.Contains($"GOOD  {Target}, ", said, StringComparison.Ordinal);
        Assert.Equal(["ledger-backup.db"], Files());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        Assert.All(DatabaseCheck.Run(Target, null, new LogTrust([ledger.Key, RootKey(ledger)])), one => Assert.Equal(CheckResult.Ok, one.Report.Result));
    }

    [Fact]
    public async Task Copies_made_while_writing_goes_on_are_good_and_none_is_older_than_what_was_signed_before_it()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await ledger.ActAsync(50);
                await ledger.SignAsync();
            }
        });
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, Run(Target, ledger.Settings.File).Exit);
        }

        await stop.CancelAsync();
        await writing;
    }

    [Theory]
    [InlineData(2, "UPDATE bundle SET data = zeroblob(length(data)) WHERE log = 1")]
    [InlineData(3, "UPDATE checkpoint SET body = replace(body, 'ledger.example/ledger/11111111111171118111111111111111 ', 'ledger.example/another ') WHERE log = 1")]
    [InlineData(4, "DELETE FROM checkpoint WHERE log = 1; DELETE FROM bundle WHERE log = 1; DELETE FROM tile WHERE log = 1; UPDATE log SET size = 0, frontier = zeroblob(0) WHERE id = 1")]
    public async Task A_copy_that_does_not_verify_is_no_backup_and_the_one_from_before_stays(int exitCode, string damage)
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        Assert.Equal(0, Run(Target, ledger.Settings.File).Exit);
        var before = await File.ReadAllBytesAsync(Target);
        ledger.Tamper(damage);

        var (exit, said, _) = Run(Target, ledger.Settings.File);

        Assert.Equal(exitCode, exit);
        Assert.Contains("NONE  The copy does not verify, so there is no backup.", said, StringComparison.Ordinal);
        Assert.Equal(["ledger-backup.db"], Files());
        Assert.Equal(before, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task In_a_folder_each_has_a_name_with_its_time()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();

        Assert.Equal(0, Run(_folder.FullName, ledger.Settings.File).Exit);

        Assert.Matches(@"^ledger-\d{8}T\d{6}Z\.db$", Assert.Single(Files()));
    }

    [Fact]
    public async Task A_restored_backup_is_the_ledger_of_that_time_and_goes_on_in_a_new_epoch()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        Assert.Equal(0, Run(Target, ledger.Settings.File).Exit);
        await ledger.ActAsync(10);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() =>
        {
            File.Delete(ledger.Settings.File + "-wal");
            File.Delete(ledger.Settings.File + "-shm");
            File.Copy(Target, ledger.Settings.File, overwrite: true);
        });

        Assert.Contains("has 6 entries, but 16 were signed", (await Assert.ThrowsAsync<ForkGuardException>(() => ledger.ActAsync(1))).Message, StringComparison.Ordinal);
        await ledger.Store.BeginEpochAsync(TestLedger.Ours, new Core.Ledger.Records.ActionBody { Verb = "", Who = "Ann", Why = "restored" }, ledger.Clock.GetUtcNow());
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        Assert.Equal(2, ledger.Queries.Heads(TestLedger.Ours)[0].Size);
    }

    [Theory]
    [InlineData("Say where the backup goes")]
    [InlineData("Say where the backup goes", "--json")]
    [InlineData("There is no file /no/such/file.", "to", "/no/such/file")]
    [InlineData("A backup has all logs", "to", "FILE", "--log", "one")]
    public async Task What_is_given_wrongly_is_said(string sentence, params string[] arguments)
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();

        var (exit, said, errors) = Run([.. arguments.Select(one => one == "FILE" ? ledger.Settings.File : one)]);

        Assert.Equal((1, ""), (exit, said));
        Assert.StartsWith(sentence, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_said()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();

        var (exit, _, errors) = Run("/proc/backup.db", ledger.Settings.File);

        Assert.NotEqual(0, exit);
        Assert.StartsWith("There is no backup", errors, StringComparison.Ordinal);
    }

    private static Core.Ledger.Notes.VerifierKey RootKey(TestLedger ledger)
    {
        using var key = ledger.Store.Keys.LoadOrMake(ledger.Store.Newest(LogName.Root)!);
        return key.Verifier;
    }

    private string[] Files() => [.. _folder.GetFiles().Select(static file => file.Name)];

    private static (int Exit, string Said, string Errors) Run(params string[] arguments)
    {
        using var said = new StringWriter();
        using var errors = new StringWriter();
        var exit = Command.Of(["ledger", "backup", .. arguments])!.Run(said, errors);
        return (exit, said.ToString(), errors.ToString());
    }
}
