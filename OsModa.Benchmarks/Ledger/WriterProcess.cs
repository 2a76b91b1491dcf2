using System.Diagnostics;
using OsModa.Tests.Ledger.Faults;

namespace OsModa.Benchmarks.Ledger;

/// <summary>This program once more, as a process of its own that writes a ledger.</summary>
internal static class WriterProcess
{
    public const string Word = "ledger-writer";

    /// <summary>Turns for one that is to be killed.</summary>
    public const int Endless = 0;

    public static Process Start(string place, int turns, params string[] before)
    {
        string[] line = [.. before, Environment.ProcessPath!, typeof(WriterProcess).Assembly.Location, Word, place, turns.ToString()];
        return Process.Start(new ProcessStartInfo(line[0], line[1..]) { UseShellExecute = false, RedirectStandardError = true })!;
    }

    public static Task RunAsync(string place, int turns) => turns == Endless ? WrittenLedger.WriteAsync(place) : WrittenLedger.WriteAsync(place, turns);
}
