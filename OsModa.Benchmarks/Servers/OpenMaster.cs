using System.Diagnostics;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.Servers;

/// <summary>A plain ssh connection held open by OpenSSH itself, with nothing of the product in it: the yardstick.</summary>
internal sealed class OpenMaster : IAsyncDisposable
{
    private readonly LabServer _server;
    private readonly string _socket = Path.Combine(Path.GetTempPath(), $"osmoda-bench-{Guid.NewGuid():N}"[..28]);

    private OpenMaster(LabServer server) => _server = server;

    public static async Task<OpenMaster> OpenAsync(LabServer server)
    {
        var master = new OpenMaster(server);
        await master.RunAsync("true");
        return master;
    }

    /// <summary>Runs a command of the server's shell over the open connection and gives what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another status than those allowed.</exception>
    public async Task<string> RunAsync(string command, params int[] alsoGood)
    {
        using var ssh = Start(command);
        var errors = ssh.StandardError.ReadToEndAsync();
        var output = await ssh.StandardOutput.ReadToEndAsync();
        await ssh.WaitForExitAsync();
        return ssh.ExitCode == 0 || alsoGood.Contains(ssh.ExitCode)
            ? output
            : throw new InvalidOperationException($"'{command}' on {_server.Name} ended with {ssh.ExitCode}: {await errors}");
    }

    /// <summary>Starts a command whose output is read as it comes.</summary>
    public Process Start(string command)
    {
        var start = new ProcessStartInfo("ssh")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] arguments =
        [
            "-F", "none", "-i", _server.PrivateKeyFile, "-o", "IdentitiesOnly=yes", "-o", $"UserKnownHostsFile={_server.KnownHostsFile}",
            "-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR",
            "-o", "ControlMaster=auto", "-o", "ControlPersist=600", "-o", $"ControlPath={_socket}", $"{_server.User}@{_server.Address}", command,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    public async ValueTask DisposeAsync()
    {
        using var exit = Process.Start(new ProcessStartInfo("ssh") { UseShellExecute = false, RedirectStandardError = true, ArgumentList = { "-F", "none", "-S", _socket, "-O", "exit", _server.Address } })!;
        await exit.WaitForExitAsync();
    }
}
