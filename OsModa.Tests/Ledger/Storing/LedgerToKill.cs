using System.Diagnostics;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>A process of its own that appends and signs as fast as it can and says what is on the disk, for a test that kills it.</summary>
public sealed class LedgerToKill
{
    private const string PlaceVariable = "OSMODA_TEST_LEDGER";

    /// <summary>Starts this very program with the one test below.</summary>
    public static Process Start(string place) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method", $"{typeof(LedgerToKill).FullName}.{nameof(Appends_until_it_is_killed)}"])
        {
            Environment = { [PlaceVariable] = place },
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;

    public static string AcknowledgedIn(string place) => Path.Combine(place, "acknowledged");

    [Fact(Explicit = true)]
    public async Task Appends_until_it_is_killed()
    {
        var place = Environment.GetEnvironmentVariable(PlaceVariable)!;
        await using var ledger = new TestLedger(place);
        await using var acknowledged = new FileStream(AcknowledgedIn(place), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await using var words = new StreamWriter(acknowledged) { AutoFlush = true };
        _ = Task.Run(async () =>
        {
            while (true)
            {
                await ledger.SignAsync();
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            for (var i = 0; ; i++)
            {
                var text = $"{Environment.ProcessId}-{worker}-{i}";
                var seq = await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "v", Text = text }, TestLedger.Ours, ledger.Clock.GetUtcNow())], default);
                lock (words)
                {
                    words.WriteLine($"{seq[0]} {text}");
                }
            }
        }));
    }
}

public sealed class KilledLedgerTests
{
    [Fact]
    public async Task A_process_killed_at_any_moment_loses_nothing_that_it_acknowledged_and_leaves_no_head_that_does_not_verify()
    {
        var place = Directory.CreateTempSubdirectory("osmoda-killed-").FullName;
        var file = LedgerToKill.AcknowledgedIn(place);
        var random = new Random(5);
        for (var turn = 0; turn < 4; turn++)
        {
            var before = File.Exists(file) ? new FileInfo(file).Length : 0;
            using var process = LedgerToKill.Start(place);
            var enough = before + random.Next(500, 40_000);
            while (!File.Exists(file) || new FileInfo(file).Length < enough)
            {
                Assert.False(process.HasExited, $"The writer ended by itself: {(process.HasExited ? await process.StandardOutput.ReadToEndAsync() : "")}");
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
            }

            process.Kill();
            await process.WaitForExitAsync();
            await VerifyAsync(place, file);
        }

        Directory.Delete(place, recursive: true);
    }

    private static async Task VerifyAsync(string place, string file)
    {
        await using var ledger = new TestLedger(place);
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
        using var reader = ledger.Store.Open(TestLedger.Ours)!;
        foreach (var line in (await File.ReadAllTextAsync(file)).Split('\n')[..^1])
        {
            var words = line.Split(' ');
            Assert.True(LedgerRecord.TryParse(reader.Entry(long.Parse(words[0])), out var record));
            Assert.Equal(words[1], ActionBody.Parse(record.Body.ToArray())!.Text);
        }

        // It goes on where it stopped: not even the guard stands in the way.
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        Assert.True(Checkpoint.TryParse(ledger.Queries.State(TestLedger.Ours)!.Newest!.Text, out var head));
        Assert.Equal(reader.Size + 1, head.Size);
    }
}
