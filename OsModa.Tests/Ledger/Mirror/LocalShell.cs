using System.Diagnostics;
using System.Runtime.CompilerServices;
using OsModa.Core.Ssh;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>Runs a script as a process of this machine, with another folder in the place of agentd's.</summary>
internal sealed class LocalShell(string folder, string place = "/var/lib/osmoda") : IRemoteShell
{
    public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script.Text.Replace(place, folder, StringComparison.Ordinal), script.Name, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        return Task.FromResult<IRemoteRun>(new Run(process));
    }

    public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => StartAsync(script, arguments, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Run(Process process) : IRemoteRun
    {
        public Task<int> ExitStatus => WaitAsync();

        public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                yield return System.Text.Encoding.UTF8.GetBytes(line);
            }
        }

        public ValueTask DisposeAsync()
        {
            process.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<int> WaitAsync()
        {
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }
}
