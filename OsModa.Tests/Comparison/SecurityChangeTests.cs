using OsModa.Core.Comparison;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class SecurityChangeTests
{
    private const string Made = "/nix/store/00000000000000000000000000000000-";

    [Fact]
    public void Ports_that_open_and_close_are_told_for_both_kinds_of_firewall()
    {
        var systems = new Systems()
            .File(Made + "firewall-start/bin/firewall-start", "ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept\nip46tables -A nixos-fw -p udp --dport 60000:61000 -j nixos-fw-accept\n", "ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept\nip46tables -A nixos-fw -p tcp --dport 443 -j nixos-fw-accept\n")
            .File(Made + "nftables-rules", "tcp dport { 22, 80 } accept", "tcp dport { 22, 8000-8010 } accept\niifname \"wg0\" tcp dport 9100 accept");

        Assert.Equal(
            ["port 443/tcp opens in the firewall", "port 8000–8010/tcp opens in the firewall", "port 9100/tcp on wg0 opens in the firewall", "port 60000–61000/udp closes in the firewall", "port 80/tcp closes in the firewall"],
            Told(systems));
    }

    [Fact]
    public void Users_and_their_groups_are_told()
    {
        const string old = """{"users":[{"name":"ann","isSystemUser":false},{"name":"old","isSystemUser":true}],"groups":[{"name":"wheel","members":["ann"]}]}""";
        const string @new = """{"users":[{"name":"ann","isSystemUser":false},{"name":"bob","isSystemUser":false},{"name":"redis","isSystemUser":true}],"groups":[{"name":"wheel","members":["bob"]},{"name":"video","members":["ann"]}]}""";

        Assert.Equal(
            [
                "user bob is added and can log in", "user bob joins the group wheel and may become root", "user redis is added, for a service",
                "user ann joins the group video", "user old is removed", "user ann leaves the group wheel",
            ],
            Told(new Systems().File(Made + "users-groups.json", old, @new)));
    }

    [Fact]
    public void How_ssh_lets_people_in_is_told() => Assert.Equal(
        ["SSH changes PasswordAuthentication from no to yes", "SSH gets Port 2222", "SSH changes PermitRootLogin from prohibit-password to no"],
        Told(new Systems().File("etc/ssh/sshd_config", "PermitRootLogin prohibit-password\nPasswordAuthentication no\n", "PermitRootLogin no\nPasswordAuthentication yes\nPort 2222\nMatch User x\nPermitRootLogin yes\n")));

    [Fact]
    public void Keys_that_are_admitted_are_told_by_their_comment() => Assert.Equal(
        ["user root may log in with one more key, bob@desk", "user root may no longer log in with the key ann@desk"],
        Told(new Systems().File("etc/ssh/authorized_keys.d/root", "ssh-ed25519 AAAA ann@desk\n", "ssh-ed25519 BBBB bob@desk\n")));

    [Fact]
    public void Programs_with_rights_of_their_own_are_told() => Assert.Equal(
        ["ping becomes a program with rights of its own (cap_net_raw+ep)", "mount is no longer a program with rights of its own (u+s,g-s,u+rx,g+x,o+x)"],
        Told(new Systems().File(Made + "unit-script-suid-sgid-wrappers-start/bin/x", "chmod \"u+s,g-s,u+rx,g+x,o+x\" \"$wrapperDir/sudo\"\nchmod \"u+s,g-s,u+rx,g+x,o+x\" \"$wrapperDir/mount\"\n", "chmod \"u+s,g-s,u+rx,g+x,o+x\" \"$wrapperDir/sudo\"\nsetcap \"cap_net_raw+ep\" \"$wrapperDir/ping\"\n")));

    [Fact]
    public void What_a_unit_may_do_is_told() => Assert.Equal(
        ["a.service is fenced in no longer by PrivateTmp", "a.service runs as root instead of web", "a.service is fenced in: NoNewPrivileges", "a.service has ProtectSystem at strict instead of no"],
        Told(new Systems().Unit("a.service", "[Service]\nPrivateTmp=yes\nUser=web\n", "[Service]\nNoNewPrivileges=true\nProtectSystem=strict\n")));

    [Fact]
    public void Sockets_that_listen_elsewhere_are_told() => Assert.Equal(
        ["a.socket listens on 0.0.0.0:80", "a.socket no longer listens on 127.0.0.1:80"],
        Told(new Systems().Unit("a.socket", "[Socket]\nListenStream=127.0.0.1:80\nListenStream=/run/a\n", "[Socket]\nListenStream=0.0.0.0:80\n")));

    [Fact]
    public void Broken_tables_of_a_hostile_server_are_told_as_nothing() => Assert.Empty(
        Told(new Systems().File(Made + "users-groups.json", "{}", """{"users":7}""").File("etc/ssh/sshd_config", "Match", "\t=\n=\n")));

    private static IEnumerable<string> Told(Systems systems)
    {
        var units = systems.Forecast().Changes;
        return SecurityChanges.Find(systems.From, systems.To, EtcChanges.Find(systems.From, systems.To), units).Select(change => $"{change.Subject} {change.What}");
    }
}
