using System.Text;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

[Trait("Tier", "lab")]
public sealed class SshRunTests : IAsyncLifetime
{
    private LabServer _server = null!;
    private SshLab _lab = null!;
    private OpenSshShell _shell = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lab = await SshLab.OpenAsync();
        _server = await LabServer.UpAsync();
        _shell = await _lab.ShellAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        await _server.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_script_gets_its_arguments_as_they_are_and_its_exit_status_comes_back()
    {
        string[] nasty = ["", "'; rm -rf / #", "$(id)", "a\nb", "é世\U0001F600", "-n", "--", "\\'", "!!"];
        var script = new RemoteScript("echo.sh", "for a in \"$@\"; do printf '%s' \"$a\" | od -An -v -tx1 | tr -d ' \\n'; echo; done; exit 37");

        await using var run = await _shell.StartAsync(script, nasty, Cancelled);

        Assert.Equal(nasty, (await run.ReadAllAsync()).Select(hex => Encoding.UTF8.GetString(Convert.FromHexString(hex))));
        Assert.Equal(37, await run.ExitStatus);
    }
}

internal static class RunReading
{
    public static async Task<List<string>> ReadAllAsync(this IRemoteRun run)
    {
        var lines = new List<string>();
        await foreach (var line in run.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return lines;
    }
}
