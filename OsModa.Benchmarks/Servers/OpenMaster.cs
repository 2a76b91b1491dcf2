using System.Diagnostics;
using OsModa.Benchmarks.Costs;
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

    /// <summary>PSS of its process and of one with a session over it that reads the bus.</summary>
    public async Task<double> MebibytesAsync()
    {
        using var session = Start("echo here; exec busctl monitor");
        await session.StandardOutput.ReadLineAsync();
        // "Master running (pid=4711)"
        var master = int.Parse((await ControlAsync("check")).Split('=', ')')[1]);
        var bytes = ProcessCost.Of(master).ProportionalBytes + ProcessCost.Of(session.Id).ProportionalBytes;
        session.Kill();
        await session.WaitForExitAsync();
        return bytes / 1048576.0;
    }

    public async ValueTask DisposeAsync() => await ControlAsync("exit");

    private async Task<string> ControlAsync(string command)
    {
        using var ssh = Process.Start(new ProcessStartInfo("ssh") { UseShellExecute = false, RedirectStandardError = true, ArgumentList = { "-F", "none", "-S", _socket, "-O", command, _server.Address } })!;
        var said = await ssh.StandardError.ReadToEndAsync();
        await ssh.WaitForExitAsync();
        return said;
    }
}
