using System.Diagnostics;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>Connections that end, and what stays behind.</summary>
[Trait("Tier", "lab")]
public sealed class SshLossTests : IAsyncLifetime
{
    private LabServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await LabServer.UpAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_pulled_cable_is_noticed_by_the_keep_alive_and_the_way_back_is_found()
    {
        await using var lab = await SshLab.OpenAsync(new SshSettings { KeepAliveSeconds = 1 });
        await using var shell = await lab.ShellAsync(_server);
        await using var run = await shell.StartAsync(new RemoteScript("watch.sh", "echo here; sleep 1000"), [], Cancelled);
        Assert.Equal("here", await run.ReadOneAsync());

        await _server.PlugOutAsync();
        var loss = (await Assert.ThrowsAsync<ConnectionException>(run.ReadAllAsync)).Fault;

        Assert.Equal(ConnectionFaultKind.Lost, loss.Kind);
        Assert.Equal($"{_server.Address} has stopped answering; the connection was given up.", loss.Detail);
        Assert.Same(loss, (await Assert.ThrowsAsync<ConnectionException>(() => run.ExitStatus)).Fault);
        Assert.Contains((await shell.FaultAsync()).Kind, new[] { ConnectionFaultKind.Unreachable, ConnectionFaultKind.TimedOut });
        await _server.PlugInAsync();
        await Eventually.TrueAsync(async () => await ComesInAsync(shell), seconds: 60);
    }

    [Fact]
    public async Task A_command_that_does_not_start_in_time_ends_the_connection_that_hangs()
    {
        await using var lab = await SshLab.OpenAsync(new SshSettings { StartTime = TimeSpan.FromSeconds(2) });
        await using var shell = await lab.ShellAsync(_server);
        Assert.Equal(["in"], await shell.SayAsync("echo in"));
        await _server.PlugOutAsync();

        var fault = await shell.FaultAsync();

        Assert.Equal(ConnectionFaultKind.TimedOut, fault.Kind);
        Assert.Contains("did not start our command within 2 s", fault.Detail, StringComparison.Ordinal);
        await _server.PlugInAsync();
        await Eventually.TrueAsync(async () => await ComesInAsync(shell), seconds: 60);
    }

    [Fact]
    public async Task A_server_that_restarts_is_lost_and_found_again()
    {
        await using var lab = await SshLab.OpenAsync();
        await using var shell = await lab.ShellAsync(_server);
        await using var run = await shell.StartAsync(new RemoteScript("watch.sh", "echo here; sleep 1000"), [], Cancelled);
        Assert.Equal("here", await run.ReadOneAsync());

        var rebooting = _server.RebootAsync();

        Assert.Equal(ConnectionFaultKind.Lost, (await Assert.ThrowsAsync<ConnectionException>(run.ReadAllAsync)).Fault.Kind);
        await rebooting;
        Assert.Equal(["in"], await shell.SayAsync("echo in"));
    }

    [Fact]
    public async Task Disposing_ends_everything_and_leaves_nothing()
    {
        var lab = await SshLab.OpenAsync();
        var folder = lab.Client.Folder.Path;
        var shell = await lab.ShellAsync(_server);
        var shared = await shell.StartAsync(new RemoteScript("watch.sh", "echo here; sleep 14142"), [], Cancelled);
        var alone = await shell.StartOnNewConnectionAsync(new RemoteScript("watch.sh", "echo here; sleep 14142"), [], Cancelled);
        Assert.True(Processes.Of(folder).Count >= 4, "a master, two runs and an agent");

        await shell.DisposeAsync();

        // Runs end with a fault that says so; asking for more is refused with words.
        Assert.Equal(ConnectionFaultKind.Lost, (await Assert.ThrowsAsync<ConnectionException>(shared.ReadAllAsync)).Fault.Kind);
        Assert.Equal(ConnectionFaultKind.Lost, (await Assert.ThrowsAsync<ConnectionException>(alone.ReadAllAsync)).Fault.Kind);
        Assert.Equal(ConnectionFaultKind.Lost, (await shell.FaultAsync()).Kind);
        await lab.DisposeAsync();
        Assert.Empty(Processes.Of(folder));
        Assert.False(Directory.Exists(folder));
        await Eventually.TrueAsync(async () => (await _server.ShellAsync("pgrep -f '[s]leep 14142' || true")).Trim().Length == 0);
    }

    [Fact]
    public async Task An_agent_that_dies_is_started_again()
    {
        await using var lab = await SshLab.OpenAsync();
        await using var shell = await lab.ShellAsync(_server);
        Assert.Equal(["in"], await shell.SayAsync("echo in"));
        foreach (var agent in Process.GetProcessesByName("ssh-agent").Where(p => File.ReadAllText($"/proc/{p.Id}/cmdline").Contains(lab.Client.Folder.Path, StringComparison.Ordinal)))
        {
            agent.Kill();
        }

        await using var run = await shell.StartOnNewConnectionAsync(new RemoteScript("say.sh", "echo in"), [], Cancelled);

        Assert.Equal(["in"], await run.ReadAllAsync());
    }

    [Fact]
    public async Task Many_connections_made_and_lost_leave_no_process_and_no_socket()
    {
        await using var lab = await SshLab.OpenAsync();
        await _server.AdmitAsync(lab.PublicKey);
        for (var i = 0; i < 10; i++)
        {
            await using var shell = new OpenSshShell(lab.Client, lab.Route(_server));
            await using var run = await shell.StartAsync(new RemoteScript("watch.sh", "echo here; sleep 1000"), [], Cancelled);
            Assert.Equal("here", await run.ReadOneAsync());
        }

        Assert.All(Processes.Of(lab.Client.Folder.Path), p => Assert.Contains("agent", p, StringComparison.Ordinal));
        Assert.Single(Directory.GetDirectories(lab.Client.Folder.Path));
    }

    [Fact]
    public async Task Killing_the_dashboard_leaves_no_process_and_the_next_start_clears_its_folder()
    {
        var place = Directory.CreateTempSubdirectory("kill-").FullName;
        using var dashboard = DashboardToKill.Start(_server, place);
        await Eventually.TrueAsync(() => Task.FromResult(DashboardToKill.IsReady(place)), seconds: 60);
        Assert.NotEmpty((await _server.ShellAsync("pgrep -f '[s]leep 17320'")).Trim());
        var folder = Directory.GetDirectories(place, "osmoda-*").Single();
        Assert.True(Processes.Of(folder).Count >= 5, "two masters, two runs and an agent");

        dashboard.Kill();

        await Eventually.TrueAsync(() => Task.FromResult(Processes.Of(folder).All(p => p.Contains("agent", StringComparison.Ordinal))), seconds: 5);
        await Eventually.TrueAsync(async () => (await _server.ShellAsync("pgrep -f '[s]leep 17320' || true")).Trim().Length == 0);
        // The agent asks every ten seconds whether its parent still lives.
        await Eventually.TrueAsync(() => Task.FromResult(Processes.Of(folder).Count == 0), seconds: 15);
        using (var next = SshFolder.Open(new SshSettings { RuntimeFolder = place }))
        {
            Assert.False(Directory.Exists(folder));
            Assert.Equal([next.Path], Directory.GetDirectories(place, "osmoda-*"));
        }

        Directory.Delete(place, recursive: true);
    }

    private static async Task<bool> ComesInAsync(OpenSshShell shell)
    {
        try
        {
            return await shell.SayAsync("echo in") is ["in"];
        }
        catch (ConnectionException)
        {
            return false;
        }
    }
}
