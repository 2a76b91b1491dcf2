using System.Diagnostics;
using OsModa.Core.Configuration;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>options.sh with a Nix that only tells what it was asked: a tree of 1,300 names, some of them written wrongly.</summary>
public sealed class OptionsScriptTests : IDisposable
{
    private const string Nix = """
        #!/bin/sh
        printf '%s\n' "$*" | tr '\n' ' ' >>"$TOLD/asked"; echo >>"$TOLD/asked"
        under='' range='' bare='' count=''
        while [ $# -gt 0 ]; do
            case $1 in
                --arg | --argstr)
                    case $2 in under) under=$3 ;; range) range=$3 ;; bare) bare=$3 ;; count) count=$3 ;; esac
                    shift 3 ;;
                *) shift ;;
            esac
        done
        if [ "$count" = true ]; then if [ -z "$under" ]; then echo 1300; else echo 0; fi; exit; fi
        if [ "$bare" = true ]; then echo '[]'; exit; fi
        from=${under:-0} to=$((${under:-1299} + 1))
        if [ -n "$range" ]; then from=${range%-*} to=${range#*-}; fi
        for wrong in $WRONG; do
            if [ "$wrong" -ge "$from" ] && [ "$wrong" -lt "$to" ]; then exit 1; fi
        done
        echo '[]'
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("osmoda-options-").FullName;

    public OptionsScriptTests()
    {
        var nix = Path.Combine(_folder, "nix-instantiate");
        File.WriteAllText(nix, Nix);
        File.SetUnixFileMode(nix, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_mistake_among_a_thousand_costs_few_evaluations()
    {
        var lines = await RunAsync("700");

        Assert.Equal("bare\t700", Assert.Single(lines, line => line.StartsWith("bare", StringComparison.Ordinal)));
        Assert.Equal("end", lines[^1]);
        Assert.InRange(Asked.Length, 10, 30);
    }

    [Fact]
    public async Task Where_everything_is_wrong_the_rest_is_told_bare_at_once()
    {
        var lines = await RunAsync(string.Join(' ', Enumerable.Range(0, 1300)));

        Assert.DoesNotContain(lines, line => line.StartsWith("failed", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("bare\t:", StringComparison.Ordinal));
        Assert.Equal("end", lines[^1]);
        Assert.InRange(Asked.Length, 100, 120);
    }

    [Fact]
    public async Task What_the_server_has_switched_on_of_Nix_stays_on()
    {
        await RunAsync("");

        Assert.All(Asked, asked => Assert.Contains("--option extra-experimental-features nix-command flakes", asked, StringComparison.Ordinal));
        Assert.DoesNotContain("--option experimental-features", RemoteScript.Embedded("check.sh").Text, StringComparison.Ordinal);
    }

    private string[] Asked => File.ReadAllLines(Path.Combine(_folder, "asked"));

    private async Task<string[]> RunAsync(string wrong)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", RemoteScript.Embedded("options.sh").Text, "options.sh", "schema", "read", "schema", "file", "/x"]) { RedirectStandardOutput = true, UseShellExecute = false };
        (start.Environment["PATH"], start.Environment["TOLD"], start.Environment["WRONG"]) = ($"{_folder}:{Environment.GetEnvironmentVariable("PATH")}", _folder, wrong);
        using var process = Process.Start(start)!;
        var told = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return told.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
