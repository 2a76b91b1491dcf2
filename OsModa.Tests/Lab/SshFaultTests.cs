using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What goes wrong on the way to a server, each called by its name.</summary>
[Trait("Tier", "lab")]
public sealed class SshFaultTests(SshFaultTests.OneServer fixture) : IClassFixture<SshFaultTests.OneServer>, IAsyncLifetime
{
    private SshLab _lab = null!;

    private LabServer Server => fixture.Server;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Each test has a key of its own.
    public async ValueTask InitializeAsync() => _lab = await SshLab.OpenAsync(new SshSettings { AllowLoopback = true });

    public async ValueTask DisposeAsync() => await _lab.DisposeAsync();

    [Fact]
    public async Task Permission_denied()
    {
        await using var shell = new OpenSshShell(_lab.Client, _lab.Route(Server));

        var fault = await shell.FaultAsync();

        Assert.Equal(ConnectionFaultKind.PermissionDenied, fault.Kind);
        Assert.StartsWith($"{Server.Address} does not let the login 'root' in with this organisation's key.", fault.Detail, StringComparison.Ordinal);

        // And once the key is admitted, the same shell gets in.
        await Server.AdmitAsync(_lab.PublicKey);
        Assert.Equal(["in"], await shell.SayAsync("echo in"));
    }

    [Fact]
    public async Task No_sudo()
    {
        await Server.AddUserAsync("watcher", "--no-sudo");
        await using var shell = await _lab.ShellAsync(Server, "watcher");

        // What needs no root runs with what rights there are.
        Assert.Equal(["watcher"], await shell.SayAsync("id -un"));
        var fault = (await Assert.ThrowsAsync<ConnectionException>(() => shell.StartAsync(new RemoteScript("root.sh", "id -u") { NeedsRoot = true }, [], Cancelled))).Fault;
        Assert.Equal(ConnectionFaultKind.NoSudo, fault.Kind);
        Assert.Contains("watcher@", fault.Detail, StringComparison.Ordinal);
        Assert.Equal(ConnectionFaultKind.NoSudo, (await shell.ProbeAsync(Cancelled)).Fault(shell.Route)?.Kind);
    }

    [Fact]
    public async Task With_sudo_scripts_are_root()
    {
        await Server.AddUserAsync("deploy");
        await using var shell = await _lab.ShellAsync(Server, "deploy");

        await using var run = await shell.StartAsync(new RemoteScript("root.sh", "id -u; echo $#; exit 5") { NeedsRoot = true }, ["'a", "b c"], Cancelled);
        Assert.Equal(["0", "2"], await run.ReadAllAsync());
        Assert.Equal(5, await run.ExitStatus);
        await using var alone = await shell.StartOnNewConnectionAsync(new RemoteScript("root.sh", "id -u"), [], Cancelled);
        Assert.Equal(["0"], await alone.ReadAllAsync());
        Assert.Null((await shell.ProbeAsync(Cancelled)).Fault(shell.Route));
    }

    [Fact]
    public async Task A_script_run_by_sudo_ends_with_its_children_too()
    {
        await Server.AddUserAsync("leaver");
        await using var shell = await _lab.ShellAsync(Server, "leaver");
        var run = await shell.StartAsync(new RemoteScript("quiet.sh", "sleep 16180 & echo here; wait"), [], Cancelled);
        Assert.Equal("here", await run.ReadOneAsync());

        await run.DisposeAsync();

        await Eventually.TrueAsync(async () => (await Server.ShellAsync("pgrep -f '[s]leep 16180' || true")).Trim().Length == 0);
    }

    [Fact]
    public async Task Expired_password()
    {
        await Server.AddUserAsync("expired", "--expired");
        await using var shell = await _lab.ShellAsync(Server, "expired");

        var fault = await shell.FaultAsync();

        Assert.Equal(ConnectionFaultKind.PasswordExpired, fault.Kind);
        Assert.Contains("chage -d -1 expired", fault.Detail, StringComparison.Ordinal);

        // And once that is done, the same shell gets in.
        await Server.ShellAsync("chage -d -1 expired");
        Assert.Equal(["in"], await shell.SayAsync("echo in"));
    }

    [Fact]
    public async Task A_login_shell_that_refuses_commands()
    {
        await Server.AddUserAsync("nobodys");
        await Server.ShellAsync("usermod --shell /usr/sbin/nologin nobodys");
        await using var shell = await _lab.ShellAsync(Server, "nobodys");

        var fault = await shell.FaultAsync();

        Assert.Equal(ConnectionFaultKind.PermissionDenied, fault.Kind);
        Assert.Contains("users.users.nobodys.shell", fault.Detail, StringComparison.Ordinal);

        await Server.ShellAsync("usermod --shell /bin/sh nobodys");
        Assert.Equal(["in"], await shell.SayAsync("echo in"));
    }

    [Fact]
    public async Task A_command_forced_on_our_key()
    {
        await Server.ShellAsync($"echo 'command=\"echo hello; exit 4\" {_lab.PublicKey}' >> /root/.ssh/authorized_keys");
        await using var shell = new OpenSshShell(_lab.Client, _lab.Route(Server));

        var fault = await shell.FaultAsync();

        Assert.Equal(ConnectionFaultKind.Misbehaving, fault.Kind);
        Assert.Contains("ended our script before it began", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused()
    {
        await using var shell = new OpenSshShell(_lab.Client, _lab.Route(SshLab.Hop(Server.Address, 23, "root", Server.HostKey)));

        var fault = await shell.FaultAsync();

        Assert.Equal(ConnectionFaultKind.Refused, fault.Kind);
        Assert.StartsWith($"{Server.Address} port 23 answers, but nothing listens for SSH there.", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreachable()
    {
        // The lab's network, where nobody has this address. The kernel says so at once; without the route it asks around first, and
        // on a busy machine that takes longer than ssh waits.
        const string Nobody = "10.77.254.77";
        await IpAsync("route", "replace", "unreachable", Nobody);
        await using var shell = new OpenSshShell(_lab.Client, _lab.Route(SshLab.Hop(Nobody, 22, "root", Server.HostKey)));

        Assert.Equal(ConnectionFaultKind.Unreachable, (await shell.FaultAsync()).Kind);

        await IpAsync("route", "del", "unreachable", Nobody);
    }

    [Fact]
    public async Task Name_unknown()
    {
        await using var shell = new OpenSshShell(_lab.Client, _lab.Route(SshLab.Hop("no-such-host.invalid", 22, "root", Server.HostKey)));

        Assert.Equal(ConnectionFaultKind.NameUnknown, (await shell.FaultAsync()).Kind);
    }

    [Fact]
    public async Task No_host_key_accepted_yet()
    {
        await using var shell = new OpenSshShell(_lab.Client, _lab.Route(SshLab.Hop(Server.Address, 22, "root")));

        var fault = await shell.FaultAsync();

        Assert.Equal(ConnectionFaultKind.HostKeyUnknown, fault.Kind);
        Assert.False(fault.Passes);
    }

    [Theory]
    [InlineData("", ConnectionFaultKind.TimedOut)]
    [InlineData("SSH-2.0-Slow\r\n", ConnectionFaultKind.TimedOut)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", ConnectionFaultKind.TimedOut)]
    [InlineData("SSH-1.0-Old\r\n", ConnectionFaultKind.Misbehaving)]
    public async Task One_that_accepts_and_stalls_holds_nobody_else_up(string greeting, ConnectionFaultKind kind)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepting = AcceptAsync(listener, greeting);
        await using var hasty = await SshLab.OpenAsync(new SshSettings { AllowLoopback = true, ConnectTime = TimeSpan.FromSeconds(4) });
        await using var good = await _lab.ShellAsync(Server);
        await using var bad = new OpenSshShell(hasty.Client, hasty.Route(SshLab.Hop("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, "root", Server.HostKey)));

        var stalled = bad.FaultAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(["in"], await good.SayAsync("echo in"));
        }

        Assert.Equal(kind, (await stalled).Kind);
        listener.Stop();
        await accepting;
    }

    [Fact]
    public async Task Not_NixOS()
    {
        await using var shell = await _lab.ShellAsync(Server);
        await Server.ShellAsync("mv /etc/NIXOS /etc/was; mv /etc/os-release /etc/was-release; echo 'ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12\"' > /etc/os-release");

        var fault = (await shell.ProbeAsync(Cancelled)).Fault(shell.Route);

        await Server.ShellAsync("mv /etc/was /etc/NIXOS; mv /etc/was-release /etc/os-release");
        Assert.Equal(ConnectionFaultKind.NotNixos, fault?.Kind);
        Assert.Contains("runs Debian GNU/Linux 12, not NixOS", fault?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nix_missing()
    {
        await using var shell = await _lab.ShellAsync(Server);
        var before = await shell.ProbeAsync(Cancelled);
        Assert.Null(before.Fault(shell.Route));
        Assert.StartsWith("nix (Nix) ", before.NixVersion, StringComparison.Ordinal);
        Assert.StartsWith("NixOS ", before.OsName, StringComparison.Ordinal);
        Assert.StartsWith("systemd ", before.SystemdVersion, StringComparison.Ordinal);
        const string nix = "\"$(readlink -f /run/current-system/sw/bin/nix)\"";

        await Server.ShellAsync($"mount --bind /dev/null {nix}");
        var fault = (await shell.ProbeAsync(Cancelled)).Fault(shell.Route);

        await Server.ShellAsync($"umount {nix}");
        Assert.Equal(ConnectionFaultKind.NixMissing, fault?.Kind);
    }

    /// <summary>One server for all of them, since none breaks it for the others.</summary>
    public sealed class OneServer : IAsyncLifetime
    {
        internal LabServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await LabServer.UpAsync();

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }

    private static async Task AcceptAsync(TcpListener listener, string greeting)
    {
        var held = new List<Socket>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(Cancelled);
                held.Add(socket);
                await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(greeting), Cancelled);
            }
        }
        catch (SocketException)
        {
            held.ForEach(s => s.Dispose());
        }
    }

    private static async Task IpAsync(params string[] arguments)
    {
        using var process = Process.Start("ip", arguments);
        await process.WaitForExitAsync(Cancelled);
        Assert.Equal(0, process.ExitCode);
    }
}
