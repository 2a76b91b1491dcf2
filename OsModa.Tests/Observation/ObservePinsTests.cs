using System.Diagnostics;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Observation;

/// <summary>The part of observe.sh that tells systems and generations, run on folders of its own.</summary>
public sealed class ObservePinsTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("osmoda-pins-");

    [Fact]
    public async Task Where_a_system_is_missing_nothing_changes_until_it_comes()
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "run"));

        Assert.Equal("no no yes no", await RunAsync(
            """
            said() { if pins_changed; then printf yes; else printf no; fi; }
            pins >/dev/null
            said; printf ' '; said; printf ' '
            mkdir "$root/a" && ln -s "$root/a" /run/current-system
            said; printf ' '
            pins >/dev/null
            said
            """));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private async Task<string> RunAsync(string script)
    {
        var text = $"root={_root.FullName} profile={_root.FullName}/system writer=m count=0 boot=5f3a9c01 tab=$(printf '\\t') nl='\n'\nset -f\n"
            + RemoteScript.Together("observe-frames.sh", "observe-pins.sh").Text + script;
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", text.Replace("/run/", _root.FullName + "/run/", StringComparison.Ordinal)]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var told = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return told;
    }
}
