using System.Diagnostics;
using Xunit;

namespace OsModa.Tests.Packaging;

public sealed class ComposeFileTests
{
    [Fact]
    public async Task The_compose_file_is_valid_and_PostgreSQL_runs_beside_the_dashboard_only_when_asked_for()
    {
        var (status, text, errors) = await ComposeAsync("config");

        Assert.True(status == 0, errors);
        Assert.Matches(@"services:\n  dashboard:\n(    .*\n)+  postgres:\n", text);
        Assert.Contains("    profiles:\n    - postgres\n", text[text.IndexOf("  postgres:\n", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("profiles:", text[..text.IndexOf("  postgres:\n", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_is_reached_from_this_machine_only_and_keeps_its_data_in_a_volume()
    {
        var (_, text, _) = await ComposeAsync("config");

        Assert.Contains("127.0.0.1:5080:5080", text, StringComparison.Ordinal);
        Assert.Contains("data:/data", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_notices_a_restored_volume_of_data_is_in_a_volume_of_its_own_and_the_name_of_the_machine_stays()
    {
        var (_, text, _) = await ComposeAsync("config");

        Assert.Contains("guard:/guard", text, StringComparison.Ordinal);
        Assert.Contains("Ledger__GuardFolder: /guard", text, StringComparison.Ordinal);
        Assert.Contains("hostname: osmoda", text, StringComparison.Ordinal);
        Assert.Contains("chown \"$APP_UID\" /data /guard", await File.ReadAllTextAsync(Path.Combine(Repository.Folder, "Dockerfile"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Output, string Errors)> ComposeAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("docker-compose", ["-f", Path.Combine(Repository.Folder, "docker-compose.yml"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }
}
