using System.Diagnostics;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>A process of its own with two open connections, for a test that kills it.</summary>
[Trait("Tier", "lab")]
public sealed class DashboardToKill
{
    private const string ServerVariable = "OSMODA_TEST_SERVER";
    private const string PlaceVariable = "OSMODA_TEST_PLACE";

    /// <summary>Starts this very program with the one test below.</summary>
    public static Process Start(LabServer server, string place) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method", $"{typeof(DashboardToKill).FullName}.{nameof(Runs_until_it_is_killed)}"])
        {
            Environment = { [ServerVariable] = server.Name, [PlaceVariable] = place },
            UseShellExecute = false,
        })!;

    public static bool IsReady(string place) => File.Exists(Path.Combine(place, "ready"));

    [Fact(Explicit = true)]
    public async Task Runs_until_it_is_killed()
    {
        var place = Environment.GetEnvironmentVariable(PlaceVariable)!;
        var server = await LabServer.KnownAsync(Environment.GetEnvironmentVariable(ServerVariable)!);
        await using var lab = await SshLab.OpenAsync(place: place);
        await using var first = await lab.ShellAsync(server);
        await using var second = await lab.ShellAsync(server);
        foreach (var shell in new[] { first, second })
        {
            var run = await shell.StartAsync(new RemoteScript("watch.sh", "echo here; sleep 17320"), [], TestContext.Current.CancellationToken);
            Assert.Equal("here", await run.ReadOneAsync());
        }

        await File.WriteAllTextAsync(Path.Combine(place, "ready"), "", TestContext.Current.CancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
