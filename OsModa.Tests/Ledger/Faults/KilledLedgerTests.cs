using System.Diagnostics;
using Xunit;

namespace OsModa.Tests.Ledger.Faults;

/// <summary><c>./bench ledger kills</c> does the same a thousand times.</summary>
public sealed class KilledLedgerTests
{
    [Fact]
    public async Task A_process_killed_at_any_moment_loses_nothing_that_it_acknowledged_and_leaves_no_head_that_does_not_verify()
    {
        var place = Directory.CreateTempSubdirectory("osmoda-killed-").FullName;
        var random = new Random(5);
        for (var turn = 0; turn < 10; turn++)
        {
            using var process = LedgerToKill.Start(place);
            await GrownAsync(place, process, random.Next(1, 20_000));
            process.Kill();
            await process.WaitForExitAsync();
            Assert.Null(await WrittenLedger.WrongAsync(place));
        }

        Directory.Delete(place, recursive: true);
    }

    [Fact]
    public async Task A_second_process_on_the_same_ledger_says_why_it_does_not_start_and_does_no_harm()
    {
        var place = Directory.CreateTempSubdirectory("osmoda-two-").FullName;
        using var first = LedgerToKill.Start(place);
        await GrownAsync(place, first, 1);

        using var second = LedgerToKill.Start(place);
        var said = await second.StandardOutput.ReadToEndAsync();
        await second.WaitForExitAsync();

        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains("ledger.db cannot be written: another process has it", said, StringComparison.Ordinal);
        Assert.False(first.HasExited);
        await GrownAsync(place, first, 1);
        first.Kill();
        await first.WaitForExitAsync();
        Assert.Null(await WrittenLedger.WrongAsync(place));
        Directory.Delete(place, recursive: true);
    }

    // It looks more often than others who wait: where the process is killed is left to chance, not to the pause between two looks.
    private static async Task GrownAsync(string place, Process writer, int bytes)
    {
        var file = WrittenLedger.AcknowledgedIn(place);
        var enough = (File.Exists(file) ? new FileInfo(file).Length : 0) + bytes;
        using var ceiling = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(file) || new FileInfo(file).Length < enough)
        {
            Assert.False(ceiling.IsCancellationRequested, "The writer has acknowledged nothing more for a minute.");
            Assert.False(writer.HasExited, $"The writer ended by itself: {(writer.HasExited ? await writer.StandardOutput.ReadToEndAsync() : "")}");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
    }
}
