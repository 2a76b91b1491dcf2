using System.Diagnostics;
using System.Globalization;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.SafeSwitch;

/// <summary>An operation that goes on after a restart of the server finds its place in time again by a clock that may have jumped meanwhile. Runs the script's own arithmetic, with another <c>date</c>.</summary>
public sealed class JumpingClockTests : IDisposable
{
    private const string Id = "0198c0de-0000-7000-8000-000000000001";
    private const long Wall = 1_764_158_400_000_000;
    private const long Last = 20_000_000;
    private const long Day = 86_400_000_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("clock-").FullName;

    [Theory]
    [InlineData(30_000_000, 30_000_000)]
    [InlineData(-365 * Day, Last)]
    [InlineData(10_000_000, Last)]
    [InlineData(365 * Day, Last)]
    public async Task Time_goes_on_and_never_back(long clockSinceBeginning, long expected)
    {
        var next = await NextLineAsync(Wall + clockSinceBeginning);

        var at = long.Parse(next[0], CultureInfo.InvariantCulture);
        Assert.InRange(at, expected, expected + Day);
        Assert.True(expected != Last || at < Last + Day / 24, $"{at} is not soon after {Last}.");
        Assert.Equal((Wall + at).ToString(CultureInfo.InvariantCulture), next[1]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The last line of the journal before the restart was written at Last; the clock shows another time now.
    private async Task<string[]> NextLineAsync(long clock)
    {
        var operation = Directory.CreateDirectory(Path.Combine(_folder, "operations", Id)).FullName;
        const string Store = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-lab";
        await File.WriteAllTextAsync(Path.Combine(operation, "order"), $"order\t2\nmode\trestart\ntarget\t{Store}\t2\nexpected\t{Store}\nprobation\t4\nconfirm\t0\nearly\tno\nstand\t0\t0\t-\n");
        await File.WriteAllTextAsync(Path.Combine(operation, "state"), $"1000 {Wall} another-boot {Store} 1\n");
        await File.WriteAllTextAsync(Path.Combine(operation, "journal"), $"0\t{Wall}\tbegin\t2\t{Id}\trestart\t{Store}\t2\t{Store}\t1\tanother-boot\t4\t0\n{Last}\t{Wall + Last}\trestart\n");
        var script = Path.Combine(_folder, "script.sh");
        await File.WriteAllTextAsync(script, SwitchScripts.Program
            .Replace("/var/lib/osmoda/operations", Path.Combine(_folder, "operations"), StringComparison.Ordinal)
            .Replace("/run/osmoda/operation", Path.Combine(_folder, "live", "operation"), StringComparison.Ordinal) + $"\ndate() {{ echo {clock}; }}\nrestore || exit\nline boot now\n");

        using var process = Process.Start(new ProcessStartInfo("/bin/sh", [script, "nothing", Id]))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return (await File.ReadAllLinesAsync(Path.Combine(operation, "journal"), TestContext.Current.CancellationToken))[^1].Split('\t');
    }
}
