using Microsoft.EntityFrameworkCore;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Tests.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>A server from its row in the database to its shell, as the product does it.</summary>
[Trait("Tier", "lab")]
public sealed class SshAlarmTests : IAsyncLifetime
{
    private LabServer _lab = null!;
    private ShellsOfDatabase _one = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_lab, _one) = (await LabServer.UpAsync(), await ShellsOfDatabase.OpenAsync());

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task From_adding_a_server_to_a_changed_key_and_back()
    {
        // The lines that the person puts into the server's configuration.
        var lines = AdmissionLines.Nixos(LoginName.Root, AdmissionLines.AuthorizedKey(await _one.Keys.PublicKeyAsync(_one.Owner.OrganisationId, Cancelled)));
        var key = await _lab.EnterAsync("nix-instantiate", "--eval", "-E", $"builtins.head (let x = {{ {lines} }}; in x.users.users.root.openssh.authorizedKeys.keys)");
        await _lab.ShellAsync($"echo {key.Trim()} >> /root/.ssh/authorized_keys; cp /etc/ssh/ssh_host_ed25519_key /root/first; cp /etc/ssh/ssh_host_ed25519_key.pub /root/first.pub");
        var server = await _one.AddAsync("web1", _lab.Address);

        var shown = await _one.Show.OfAsync(_one.Owner, server.Id, Cancelled);
        Assert.Equal(_lab.Fingerprint, shown[0].Fingerprint);
        Assert.True((await _one.Accept.RunAsync(_one.Owner, server.Id, shown, null, Cancelled)).Done);
        Assert.Equal(["in"], await (await _one.Shells.ForAsync(server.Id, Cancelled)).SayAsync("echo in"));
        var probe = await _one.Shells.ProbeAsync(server.Id, Cancelled);
        Assert.Null(probe?.Fault);
        Assert.True(probe?.Result.IsNixos);

        // Another key: stopped, written down, and still stopped after a restart, even when the first key is back.
        var fingerprint = await _lab.ChangeHostKeyAsync();
        await _one.RestartAsync();
        Assert.Equal(ConnectionFaultKind.HostKeyChanged, (await FaultAsync(server.Id)).Kind);
        await using (var context = _one.Database.OpenFor(_one.Owner))
        {
            Assert.Equal([fingerprint], (await context.Servers.AsNoTracking().SingleAsync(Cancelled)).HostKeyAlarm?.Shown);
        }

        var told = Assert.Single(_one.Ledger, static line => line.Type == "server.host-key-alarm");
        Assert.Equal((server.Id.Value, fingerprint), (told.Source, told.Action!.Details["shown"]));

        await _lab.ShellAsync("cp /root/first /etc/ssh/ssh_host_ed25519_key; cp /root/first.pub /etc/ssh/ssh_host_ed25519_key.pub");
        await _lab.RestartSshdAsync();
        await _one.RestartAsync();
        var fault = await FaultAsync(server.Id);
        Assert.Equal(ConnectionFaultKind.HostKeyChanged, fault.Kind);
        Assert.Contains(fingerprint, fault.Detail, StringComparison.Ordinal);

        // A person looks and decides.
        var now = await _one.Show.OfAsync(_one.Owner, server.Id, Cancelled);
        Assert.True((await _one.Accept.RunAsync(_one.Owner, server.Id, now, "the old disk was put back", Cancelled)).Done);
        Assert.Equal(["in"], await (await _one.Shells.ForAsync(server.Id, Cancelled)).SayAsync("echo in"));
    }

    private async Task<ConnectionFault> FaultAsync(ServerId server) => await (await _one.Shells.ForAsync(server, Cancelled)).FaultAsync();
}
