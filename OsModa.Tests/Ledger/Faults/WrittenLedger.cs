using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Tests.Ledger.Faults;

/// <summary>A ledger that a process writes which may be killed or have its system calls fail. What was acknowledged stands in a file, so that another process can say what is lost.</summary>
internal static class WrittenLedger
{
    private const int Workers = 8;

    public static string AcknowledgedIn(string place) => Path.Combine(place, "acknowledged");

    /// <summary>Appends and signs as fast as it can, until the process ends.</summary>
    public static async Task WriteAsync(string place)
    {
        await using var ledger = new TestLedger(place);
        await using var words = Acknowledge(place);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                await ledger.SignAsync();
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            for (var i = 0; ; i++)
            {
                await AppendAsync(ledger, words, $"{Environment.ProcessId}-{worker}-{i}");
            }
        }));
    }

    /// <summary>Appends and signs in turn, and goes on whatever fails.</summary>
    public static async Task WriteAsync(string place, int turns)
    {
        await using var ledger = new TestLedger(place);
        await using var words = Acknowledge(place);
        for (var turn = 0; turn < turns; turn++)
        {
            try
            {
                await AppendAsync(ledger, words, $"{Environment.ProcessId}-{turn}");
            }
            catch (LedgerDamagedException)
            {
                // Not acknowledged.
            }

            await ledger.SignAsync();
        }
    }

    /// <summary>Opens it as the next process would, and says what is wrong; null when nothing is. It has grown by one entry afterwards.</summary>
    public static async Task<string?> WrongAsync(string place)
    {
        await using var ledger = new TestLedger(place);
        var size = 0L;
        if (ledger.Store.Newest(TestLedger.Ours) is not null)
        {
            if (ledger.Check() is { Result: not CheckResult.Ok } report)
            {
                return report.Sentence;
            }

            using var reader = ledger.Store.Open(TestLedger.Ours)!;
            size = reader.Size;
            if (Lost(reader, place) is { } lost)
            {
                return $"What was acknowledged is not there: {lost}";
            }
        }
        else if (File.Exists(AcknowledgedIn(place)) && new FileInfo(AcknowledgedIn(place)).Length > 0)
        {
            return "The whole log is gone.";
        }

        // It goes on where it stopped: not even the guard stands in the way.
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        return Checkpoint.TryParse(ledger.Queries.State(TestLedger.Ours)!.Newest?.Text ?? "", out var head) && head.Size == size + 1 ? null : "It is not signed any more.";
    }

    private static string? Lost(LogReader reader, string place)
    {
        // A line that the end of the process cut short was not acknowledged.
        foreach (var line in File.Exists(AcknowledgedIn(place)) ? File.ReadAllText(AcknowledgedIn(place)).Split('\n')[..^1] : [])
        {
            var words = line.Split(' ');
            if (!LedgerRecord.TryParse(reader.Entry(long.Parse(words[0])), out var record) || ActionBody.Parse(record.Body.ToArray())?.Text != words[1])
            {
                return line;
            }
        }

        return null;
    }

    private static StreamWriter Acknowledge(string place) =>
        new(new FileStream(AcknowledgedIn(place), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };

    private static async Task AppendAsync(TestLedger ledger, StreamWriter words, string text)
    {
        var seq = await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "v", Text = text }, TestLedger.Ours, ledger.Clock.GetUtcNow())], default);
        lock (words)
        {
            words.WriteLine($"{seq[0]} {text}");
        }
    }
}
