using System.Diagnostics;
using Xunit;

namespace OsModa.Tests.Ledger.Faults;

/// <summary>Processes of their own that write a ledger, for tests that kill them or let their system calls fail.</summary>
public sealed class LedgerToKill
{
    private const string PlaceVariable = "OSMODA_TEST_LEDGER";
    private const int Turns = 8;

    /// <summary>This very program with one test below.</summary>
    /// <param name="place">Folder of the ledger.</param>
    /// <param name="method">Which test.</param>
    /// <param name="before">What it is started by; empty for itself.</param>
    public static Process Start(string place, string method = nameof(Writes_until_it_is_killed), params string[] before)
    {
        string[] line = [.. before, Environment.ProcessPath!, "-explicit", "only", "-method", $"{typeof(LedgerToKill).FullName}.{method}"];
        return Process.Start(new ProcessStartInfo(line[0], line[1..]) { Environment = { [PlaceVariable] = place }, UseShellExecute = false, RedirectStandardOutput = true })!;
    }

    [Fact(Explicit = true)]
    public Task Writes_until_it_is_killed() => WrittenLedger.WriteAsync(Environment.GetEnvironmentVariable(PlaceVariable)!);

    [Fact(Explicit = true)]
    public Task Writes_a_little() => WrittenLedger.WriteAsync(Environment.GetEnvironmentVariable(PlaceVariable)!, Turns);
}
