using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace OsModa.Tests.Ledger;

/// <summary>Scripts of ours, run by node.</summary>
internal static class NodeScript
{
    /// <param name="module">JavaScript; what it is given stands in the environment, as <c>GIVEN</c>.</param>
    /// <param name="given">Written as JSON; no longer than a variable of the environment can be, 128 KiB.</param>
    /// <returns>The lines that it printed.</returns>
    public static string[] Run(string module, object given)
    {
        using var process = Process.Start(new ProcessStartInfo("node", ["--no-warnings", "--input-type=module", "--eval", module])
        {
            Environment = { ["GIVEN"] = JsonSerializer.Serialize(given, JsonSerializerOptions.Web) },
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
