using OsModa.Core.Ledger.Servers;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What a real server writes into its journal stands in the ledger, each thing once.</summary>
[Trait("Tier", "lab")]
public sealed class ServerRecordTests : IAsyncLifetime
{
    private LedgerLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await LedgerLab.UpAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_switch_the_way_back_sudo_a_failing_unit_and_a_collection_of_garbage_each_appear_once_also_after_a_reconnect()
    {
        await _lab.Machine.ShellAsync("sudo -u nobody /run/current-system/sw/bin/true; systemd-run --unit=once sh -c 'exit 3'; systemd-run --wait --unit=nix-gc /run/current-system/sw/bin/nix-collect-garbage");
        await _lab.SeesAsync(HostVerbs.UnitFailed, line => line.Action!.Details["unit"] == "once.service");
        await _lab.SeesAsync(HostVerbs.GarbageCollected);
        await _lab.Machine.SwitchAsync(6);
        Assert.Equal("6", (await _lab.SeesAsync(HostVerbs.Switch)).Action!.Details["to"]);

        await _lab.DisconnectAsync();
        await _lab.Machine.SwitchAsync(7);
        await _lab.Machine.ShellAsync("sudo -u nobody /run/current-system/sw/bin/id; systemd-run --unit=twice sh -c 'exit 3'");
        await _lab.ConnectAsync();
        await _lab.SeesAsync(HostVerbs.UnitFailed, line => line.Action!.Details["unit"] == "twice.service");
        await _lab.DisconnectAsync();
        await _lab.ConnectAsync();
        await _lab.Machine.SwitchAsync(6);

        var back = (await _lab.SeesAsync(HostVerbs.RollBack)).Action!;
        Assert.Equal(("7", "6", ServerRecording.Source), (back.Details["from"], back.Details["to"], back.Details["source"]));
        Assert.Equal(["7", "6"], _lab.Lines(HostVerbs.Switch).Select(line => line.Action!.Details["to"]));
        Assert.Equal(["/run/current-system/sw/bin/id", "/run/current-system/sw/bin/true"], _lab.Lines(HostVerbs.Sudo).Where(line => line.Action!.Details["as"] == "nobody").Select(line => line.Action!.Details["command"]));
        Assert.Equal(["twice.service", "once.service"], _lab.Lines(HostVerbs.UnitFailed).Select(line => line.Action!.Details["unit"]).Where(unit => unit is "once.service" or "twice.service"));
        Assert.Single(_lab.Lines(HostVerbs.GarbageCollected));
        Assert.Empty(_lab.Lines(HostVerbs.Boot));
    }

    [Fact]
    public async Task A_login_is_told_with_its_key_and_address_and_a_reboot_once()
    {
        await _lab.DisconnectAsync();
        await _lab.ConnectAsync();
        var login = (await _lab.SeesAsync(HostVerbs.Login)).Action!;
        Assert.StartsWith("SHA256:", login.Details["key"], StringComparison.Ordinal);
        Assert.NotEqual("", login.From);

        await _lab.Machine.RebootAsync();
        await _lab.SeesAsync(HostVerbs.Boot);
        await _lab.DisconnectAsync();
        await _lab.ConnectAsync();
        await _lab.SeesAsync(HostVerbs.Login, line => line.Seq > _lab.Lines(HostVerbs.Boot)[0].Seq + 1);

        Assert.Single(_lab.Lines(HostVerbs.Boot));
    }

    [Fact]
    public async Task What_a_login_without_rights_makes_up_is_not_taken_for_an_event()
    {
        await _lab.Machine.ShellAsync(
            "for as in sshd sudo nixos login systemd; do setpriv --reuid=65534 --clear-groups logger -t $as 'Accepted publickey for root from 1.2.3.4 port 1 ssh2'; "
            + "setpriv --reuid=65534 --clear-groups logger -t $as 'finished switching to system configuration /nix/store/2mb8j6905w0abadvjhwcqidxgjhngwym-nixos-system-lab'; done; sudo -u nobody /run/current-system/sw/bin/true");
        await _lab.SeesAsync(HostVerbs.Sudo);

        Assert.DoesNotContain(_lab.Lines(HostVerbs.Login), line => line.Action!.From == "1.2.3.4");
        Assert.Empty(_lab.Lines(HostVerbs.Switch));
    }
}
