using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

[Trait("Tier", "lab")]
public sealed class SshJumpTests : IAsyncLifetime
{
    private LabServer _jump = null!;
    private LabServer _behind = null!;
    private SshLab _lab = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lab = await SshLab.OpenAsync();
        _jump = await LabServer.UpAsync();
        _behind = await LabServer.UpAsync();
        await _behind.AdmitAsync(_lab.PublicKey);
    }

    public async ValueTask DisposeAsync()
    {
        await _jump.DisposeAsync();
        await _behind.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_server_is_reached_through_a_jump_host_that_admits_no_more_than_that()
    {
        await _jump.ShellAsync($"echo '{AdmissionLines.AuthorizedKey(_lab.PublicKey, jumpHost: true)}' >> /root/.ssh/authorized_keys");
        var route = _lab.Route(SshLab.Hop(_jump), SshLab.Hop(_behind));

        // Its keys are read by the same way.
        var keys = await new HostKeyScan(_lab.Client).ReadAsync(route with { Hops = [route.First, route.Server with { Keys = [] }] }, Cancelled);
        Assert.Equal(_behind.Fingerprint, Assert.Single(keys).Fingerprint);

        var shell = new OpenSshShell(_lab.Client, route);
        Assert.Equal([_behind.Name], await shell.SayAsync("cat /proc/sys/kernel/hostname"));
        Assert.StartsWith(_jump.Address + " ", (await shell.SayAsync("echo $SSH_CONNECTION"))[0], StringComparison.Ordinal);
        await using (var alone = await shell.StartOnNewConnectionAsync(new RemoteScript("say.sh", "cat /proc/sys/kernel/hostname"), [], Cancelled))
        {
            Assert.Equal([_behind.Name], await alone.ReadAllAsync());
        }

        // Both clients of the chain end with the shell.
        await shell.DisposeAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Processes.Of(_lab.Client.Folder.Path).All(p => p.Contains("agent", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_changed_key_of_the_jump_host_is_told_as_its_own()
    {
        await _jump.AdmitAsync(_lab.PublicKey);
        await using var shell = new OpenSshShell(_lab.Client, _lab.Route(SshLab.Hop(_jump), SshLab.Hop(_behind)));
        Assert.Equal(["in"], await shell.SayAsync("echo in"));
        var fingerprint = await _jump.ChangeHostKeyAsync();

        var fault = (await Assert.ThrowsAsync<ConnectionException>(() => shell.StartOnNewConnectionAsync(new RemoteScript("say.sh", "echo in"), [], Cancelled))).Fault;

        Assert.Equal(shell.Route.First.Id, fault.KeyOf);
        Assert.Equal([fingerprint], fault.Offered);
        Assert.StartsWith($"The jump host {_jump.Address} now shows", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trouble_behind_the_jump_host_is_told_apart_from_its_own()
    {
        var route = _lab.Route(SshLab.Hop(_jump), SshLab.Hop(_behind));
        await using (var denied = new OpenSshShell(_lab.Client, route))
        {
            Assert.StartsWith($"The jump host {_jump.Address} does not let", (await denied.FaultAsync()).Detail, StringComparison.Ordinal);
        }

        // Restricted without forwarding: good enough for a server, not for a jump host.
        await _jump.ShellAsync($"echo '{AdmissionLines.AuthorizedKey(_lab.PublicKey)}' > /root/.ssh/authorized_keys");
        await using (var forbidden = new OpenSshShell(_lab.Client, route))
        {
            Assert.StartsWith("The jump host does not pass connections on", (await forbidden.FaultAsync()).Detail, StringComparison.Ordinal);
        }

        await _jump.ShellAsync($"echo '{_lab.PublicKey}' > /root/.ssh/authorized_keys");
        await using var refused = new OpenSshShell(_lab.Client, _lab.Route(SshLab.Hop(_jump), SshLab.Hop(_behind.Address, 23, "root", _behind.HostKey)));
        Assert.StartsWith($"{_behind.Address} port 23 answers, but nothing listens", (await refused.FaultAsync()).Detail, StringComparison.Ordinal);
    }
}
