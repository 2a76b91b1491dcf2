using System.Text;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

internal static class RunReading
{
    /// <summary>All lines until the script ends.</summary>
    public static async Task<List<string>> ReadAllAsync(this IRemoteRun run)
    {
        var lines = new List<string>();
        await foreach (var line in run.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return lines;
    }

    /// <summary>The first line.</summary>
    public static async Task<string> ReadOneAsync(this IRemoteRun run)
    {
        await foreach (var line in run.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            return Encoding.UTF8.GetString(line.Span);
        }

        throw new InvalidOperationException("The script ended without a word.");
    }

    /// <summary>Runs a line of shell and returns what it prints.</summary>
    public static async Task<List<string>> SayAsync(this IRemoteShell shell, string script)
    {
        await using var run = await shell.StartAsync(new RemoteScript("say.sh", script), [], TestContext.Current.CancellationToken);
        var lines = await run.ReadAllAsync();
        Assert.Equal(0, await run.ExitStatus);
        return lines;
    }

    /// <summary>The fault that a connection is refused with.</summary>
    public static async Task<ConnectionFault> FaultAsync(this IRemoteShell shell) =>
        (await Assert.ThrowsAsync<ConnectionException>(() => shell.SayAsync("echo in"))).Fault;
}
