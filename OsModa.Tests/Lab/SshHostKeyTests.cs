using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

[Trait("Tier", "lab")]
public sealed class SshHostKeyTests : IAsyncLifetime
{
    private LabServer _server = null!;
    private SshLab _lab = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lab = await SshLab.OpenAsync();
        _server = await LabServer.UpAsync();
        // So that its log tells of each authentication that is begun, however it ends.
        await _server.ShellAsync("echo LogLevel DEBUG1 >> /etc/ssh/sshd_config");
        await _server.RestartSshdAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_changed_host_key_stops_all_traffic()
    {
        var changes = new List<ConnectionFault>();
        await _server.AdmitAsync(_lab.PublicKey);
        await using var shell = new OpenSshShell(_lab.Client, _lab.Route(_server)) { HostKeyChanged = fault => { changes.Add(fault); return Task.CompletedTask; } };
        await using var watching = await shell.StartAsync(new RemoteScript("watch.sh", "echo here; sleep 1000"), [], Cancelled);
        Assert.Equal("here", await watching.ReadOneAsync());
        Assert.True(await AuthenticationsAsync() > 0);

        var fingerprint = await _server.ChangeHostKeyAsync();
        var before = await AuthenticationsAsync();
        var fault = (await Assert.ThrowsAsync<ConnectionException>(() => shell.StartOnNewConnectionAsync(new RemoteScript("say.sh", "echo in"), [], Cancelled))).Fault;

        Assert.Equal(ConnectionFaultKind.HostKeyChanged, fault.Kind);
        Assert.False(fault.Passes);
        Assert.Equal(shell.Route.Server.Id, fault.KeyOf);
        Assert.Equal([fingerprint], fault.Offered);
        Assert.Contains(fingerprint, fault.Detail, StringComparison.Ordinal);
        Assert.Contains(_server.Fingerprint, fault.Detail, StringComparison.Ordinal);
        Assert.Equal(fault, Assert.Single(changes));
        // What went over the open connection has ended, and nothing is tried any more.
        Assert.Equal(ConnectionFaultKind.Lost, (await Assert.ThrowsAsync<ConnectionException>(watching.ReadAllAsync)).Fault.Kind);
        await Eventually.TrueAsync(async () => (await _server.ShellAsync("pgrep -f '[s]leep 1000' || true")).Trim().Length == 0);
        var connections = await CountAsync("Connection from");
        Assert.Equal(fault, await shell.FaultAsync());
        Assert.Equal(connections, await CountAsync("Connection from"));
        // Not one authentication was begun with the new key's owner.
        Assert.Equal(before, await AuthenticationsAsync());
    }

    [Fact]
    public async Task A_key_of_another_kind_in_the_place_of_the_accepted_one_is_a_changed_key()
    {
        await using var shell = await _lab.ShellAsync(_server);
        await _server.ShellAsync("ssh-keygen -qt rsa -b 2048 -N '' -f /etc/ssh/other && sed -i 's|^HostKey .*|HostKey /etc/ssh/other|' /etc/ssh/sshd_config");
        await _server.RestartSshdAsync();

        Assert.Equal(ConnectionFaultKind.HostKeyChanged, (await shell.FaultAsync()).Kind);
        Assert.Equal(0, await AuthenticationsAsync());
    }

    [Fact]
    public async Task All_kinds_of_keys_are_read_and_nobody_is_named()
    {
        await _server.ShellAsync("cd /etc/ssh; ssh-keygen -qt rsa -b 2048 -N '' -f r; ssh-keygen -qt ecdsa -N '' -f e; printf 'HostKey /etc/ssh/%s\\n' r e >> sshd_config");
        await _server.RestartSshdAsync();

        var keys = await new HostKeyScan(_lab.Client).ReadAsync(_lab.Route(SshLab.Hop(_server.Address, 22, "root")), Cancelled);

        Assert.Equal(["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"], keys.Select(k => k.Type));
        Assert.Equal(_server.HostKey, $"{keys[0].Type} {keys[0].Key}");
        Assert.Equal(_server.Fingerprint, keys[0].Fingerprint);
        Assert.Equal(0, await AuthenticationsAsync());
        // And with all of them accepted the way is open.
        await _server.AdmitAsync(_lab.PublicKey);
        await using var shell = new OpenSshShell(_lab.Client, _lab.Route(SshLab.Hop(_server) with { Keys = [.. keys] }));
        Assert.Equal(["in"], await shell.SayAsync("echo in"));
    }

    [Fact]
    public async Task Reading_keys_where_nobody_listens_says_so()
    {
        var scan = new HostKeyScan(_lab.Client).ReadAsync(_lab.Route(SshLab.Hop(_server.Address, 23, "root")), Cancelled);

        Assert.Equal(ConnectionFaultKind.Refused, (await Assert.ThrowsAsync<ConnectionException>(() => scan)).Fault.Kind);
    }

    private Task<int> AuthenticationsAsync() => CountAsync("userauth-request");

    private async Task<int> CountAsync(string words) =>
        int.Parse(await _server.ShellAsync($"journalctl --sync; journalctl -u sshd | grep -c '{words}' || true"));
}
