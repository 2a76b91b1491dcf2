using System.Collections.Immutable;
using OsModa.Core.Comparison;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class SecurityChangeTests
{
    private const string Made = "/nix/store/00000000000000000000000000000000-", Other = "/nix/store/11111111111111111111111111111111-";

    [Fact]
    public void Ports_that_open_and_close_are_told_for_both_kinds_of_firewall()
    {
        var systems = new Systems()
            .File(Made + "firewall-start/bin/firewall-start", "ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept\nip46tables -A nixos-fw -p udp --dport 60000:61000 -j nixos-fw-accept\n", "ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept\nip46tables -A nixos-fw -p tcp --dport 443 -j nixos-fw-accept\n")
            .File(Made + "nftables-rules", Nft(" tcp dport { 22, 80 } accept"), Nft(" tcp dport { 22, 8000-8010 } accept\niifname wg0 tcp dport { 9100 } accept"));

        Assert.Equal(
            ["port 443/tcp opens in the firewall", "port 8000–8010/tcp opens in the firewall", "port 9100/tcp on wg0 opens in the firewall", "port 60000–61000/udp closes in the firewall", "port 80/tcp closes in the firewall"],
            Told(systems));
    }

    [Theory]
    [InlineData("iifname wg0 tcp dport { 9100 } accept", " tcp dport { 9100 } accept", "port 9100/tcp opens in the firewall")]
    [InlineData("iifname \"wg0\" tcp dport 9100 accept", " tcp dport { 9100 } accept", "port 9100/tcp opens in the firewall")]
    public void A_port_that_opens_everywhere_and_not_on_one_interface_is_told(string old, string @new, string told) =>
        Assert.Equal([told, "port 9100/tcp on wg0 closes in the firewall"], Told(new Systems().File(Made + "nftables-rules", Nft(old), Nft(@new))));

    [Fact]
    public void What_may_go_out_opens_no_port() =>
        Assert.Empty(Told(new Systems().File(Made + "nftables-rules", Nft("", " tcp dport { 443 } accept"), Nft("", " tcp dport { 443, 444 } accept\noifname eth0 udp dport { 53 } accept"))));

    [Fact]
    public void An_interface_that_is_trusted_is_told_for_both_kinds_of_firewall()
    {
        var systems = new Systems()
            .File(Made + "firewall-start/bin/firewall-start", "ip46tables -A nixos-fw -i lo -j nixos-fw-accept\n", "ip46tables -A nixos-fw -i lo -j nixos-fw-accept\nip46tables -A nixos-fw -i eth1 -j nixos-fw-accept\n")
            .File(Made + "nftables-rules", Nft(""), Nft("").Replace("\"lo\"", "\"lo\", \"wg0\"", StringComparison.Ordinal));

        Assert.Equal(["interface eth1 is trusted by the firewall: everything is let in there", "interface wg0 is trusted by the firewall: everything is let in there"], Told(systems));
    }

    [Theory]
    [InlineData("firewall.service", "firewall-start/bin/firewall-start", "ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept\n")]
    [InlineData("nftables.service", "nftables-rules", "chain input {\ntype filter hook input priority filter; policy drop;\ntcp dport { 22 } accept\n}\n")]
    public void A_firewall_that_goes_opens_everything_and_one_that_comes_closes_it(string unit, string script, string rules)
    {
        var starts = $"[Service]\nExecStart={Made}{script}\n";

        Assert.Equal(["Looser firewall is switched off: every port is open"], Moves(new Systems().Unit(unit, starts, null).File(Made + script, rules, null)));
        Assert.Equal(["Tighter firewall is switched on: only what it opens is let in"], Moves(new Systems().Unit(unit, null, starts).File(Made + script, null, rules)));
    }

    [Fact]
    public void Nftables_that_only_translates_addresses_is_no_firewall() => Assert.Equal(
        ["Looser firewall is switched off: every port is open"],
        Moves(new Systems()
            .Unit("nftables.service", $"[Service]\nExecStart={Made}nftables-rules\n", $"[Service]\nExecStart={Other}nftables-rules\n")
            .File(Made + "nftables-rules", Nft(" tcp dport { 22 } accept"), null)
            .File(Other + "nftables-rules", null, "include \"/var/lib/nftables/deletions.nft\"\ntable ip nat {\nchain pre {\ntype nat hook prerouting priority dstnat;\n}\n}\n")));

    [Fact]
    public void Rules_that_could_not_be_read_are_said_to_be_unread() => Assert.Equal(
        ["Changed firewall has rules that could not be read: look which ports they open"],
        Moves(new Systems()
            .Unit("firewall.service", $"[Service]\nExecStart=@{Made}firewall-start/bin/firewall-start firewall-start\n", $"[Service]\nExecStart=@{Other}firewall-start/bin/firewall-start firewall-start\n")
            .File(Made + "firewall-start/bin/firewall-start", "ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept\n", null)));

    [Fact]
    public void A_firewall_of_ones_own_is_not_judged() =>
        Assert.Empty(Told(new Systems().Unit("firewall.service", "[Service]\nExecStart=/a\n", "[Service]\nExecStart=/b\n")));

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

    [Theory]
    [InlineData("\"shell\":\"/bin/nologin\"", "\"shell\":\"/bin/bash\"", "Looser user git gets a shell to log in with")]
    [InlineData("\"shell\":\"/bin/bash\"", "\"shell\":\"/bin/false\"", "Tighter user git has no shell to log in with any more")]
    [InlineData("\"uid\":1000", "\"uid\":0", "Looser user git becomes root: its uid is 0")]
    [InlineData("\"hashedPassword\":\"!\"", "\"hashedPassword\":\"$6$a\"", "Looser user git gets a password")]
    [InlineData("\"hashedPassword\":\"$6$a\"", "\"hashedPassword\":\"$6$b\"", "Changed user git has another password")]
    [InlineData("\"hashedPassword\":\"$6$a\"", "\"hashedPassword\":\"\"", "Looser user git needs no password to log in")]
    [InlineData("\"hashedPassword\":null", "\"hashedPassword\":\"*\"", "")]
    [InlineData("\"uid\":null", "\"uid\":\"0\"", "")]
    public void What_changes_about_a_user_is_told(string old, string @new, string told) => Assert.Equal(
        told,
        string.Join('|', Moves(new Systems().File(Made + "users-groups.json", Users(old), Users(@new)))));

    [Fact]
    public void How_ssh_lets_people_in_is_told() => Assert.Equal(
        ["SSH changes PasswordAuthentication from no to yes", "SSH gets Port 2222", "SSH changes PermitRootLogin from prohibit-password to no"],
        Told(new Systems().File("etc/ssh/sshd_config", "PermitRootLogin prohibit-password\nPasswordAuthentication no\n", "PermitRootLogin no\nPasswordAuthentication yes\nPort 2222\nMatch User x\nPermitRootLogin yes\n")));

    [Theory]
    [InlineData("prohibit-password", "yes", SecurityMove.Looser)]
    [InlineData("yes", "prohibit-password", SecurityMove.Tighter)]
    [InlineData("no", "forced-commands-only", SecurityMove.Looser)]
    [InlineData("without-password", "prohibit-password", SecurityMove.Changed)]
    public void Each_step_by_which_root_gets_in_is_weighed(string old, string @new, SecurityMove move) =>
        Assert.Equal([$"{move} SSH changes PermitRootLogin from {old} to {@new}"], Moves(new Systems().File("etc/ssh/sshd_config", $"PermitRootLogin {old}\n", $"PermitRootLogin {@new}\n")));

    [Theory]
    [InlineData("PasswordAuthentication no\n", null, "Tighter SSH is switched off: nobody gets in by it any more")]
    [InlineData(null, "PermitRootLogin no\n", "Looser SSH is switched on")]
    public void Ssh_that_comes_or_goes_is_told_as_a_whole(string? old, string? @new, string told) =>
        Assert.Equal([told], Moves(new Systems().File("etc/ssh/sshd_config", old, @new)));

    [Fact]
    public void Settings_of_ssh_that_could_not_be_read_are_said_to_be_unread() => Assert.Equal(
        ["Changed SSH has settings that could not be read: look who gets in by them"],
        AccessChanges.Find([new FileChange("ssh/sshd_config", FileChangeKind.Changed, new FileText(20, "PermitRootLogin no\n"), new FileText(200_000, null))]).Select(change => $"{change.Move} {change.Subject} {change.What}"));

    [Fact]
    public void Keys_that_are_admitted_are_told_by_their_comment() => Assert.Equal(
        ["user root may log in with one more key, bob@desk", "user root may no longer log in with the key ann@desk"],
        Told(new Systems().File("etc/ssh/authorized_keys.d/root", "ssh-ed25519 AAAA ann@desk\n", "ssh-ed25519 BBBB bob@desk\n")));

    [Fact]
    public void Programs_with_rights_of_their_own_are_told() => Assert.Equal(
        ["ping becomes a program with rights of its own (cap_net_raw+ep)", "mount is no longer a program with rights of its own (u+s,g-s,u+rx,g+x,o+x)"],
        Told(new Systems().File(Made + "unit-script-suid-sgid-wrappers-start/bin/x", "chmod \"u+s,g-s,u+rx,g+x,o+x\" \"$wrapperDir/sudo\"\nchmod \"u+s,g-s,u+rx,g+x,o+x\" \"$wrapperDir/mount\"\n", "chmod \"u+s,g-s,u+rx,g+x,o+x\" \"$wrapperDir/sudo\"\nsetcap \"cap_net_raw+ep\" \"$wrapperDir/ping\"\n")));

    [Theory]
    [InlineData("setcap \"cap_net_raw+ep\" \"$wrapperDir/ping\"\n", null)]
    [InlineData(null, "setcap \"cap_net_raw+ep\" \"$wrapperDir/ping\"\n")]
    public void Programs_with_rights_that_only_one_side_tells_cannot_be_compared(string? old, string? @new) =>
        Assert.Empty(Told(new Systems().File(Made + "unit-script-suid-sgid-wrappers-start/bin/x", old, @new)));

    [Fact]
    public void What_a_unit_may_do_is_told() => Assert.Equal(
        ["a.service is fenced in no longer by PrivateTmp", "a.service runs as root instead of web", "a.service is fenced in: NoNewPrivileges", "a.service has ProtectSystem at strict instead of no"],
        Told(new Systems().Unit("a.service", "[Service]\nPrivateTmp=yes\nUser=web\n", "[Service]\nNoNewPrivileges=true\nProtectSystem=strict\n")));

    [Theory]
    [InlineData("CapabilityBoundingSet=", "", "Looser a.service may use every capability: it has no CapabilityBoundingSet any more")]
    [InlineData("", "CapabilityBoundingSet=", "Tighter a.service may no longer use every capability: CapabilityBoundingSet")]
    [InlineData("CapabilityBoundingSet=", "CapabilityBoundingSet=CAP_KILL", "Looser a.service has other capabilities: CapabilityBoundingSet")]
    [InlineData("CapabilityBoundingSet=CAP_KILL", "CapabilityBoundingSet=CAP_CHOWN", "Changed a.service has other capabilities: CapabilityBoundingSet")]
    [InlineData("AmbientCapabilities=CAP_KILL", "", "Changed a.service has other capabilities: AmbientCapabilities")]
    [InlineData("AmbientCapabilities=", "", null)]
    [InlineData("ProtectControlGroups=yes", "ProtectControlGroups=strict", "Changed a.service is fenced in by ProtectControlGroups in another way: strict instead of yes")]
    [InlineData("PrivateTmp=no", "PrivateTmp=disconnected", "Tighter a.service is fenced in: PrivateTmp")]
    [InlineData("RestrictNamespaces=user mnt", "RestrictNamespaces=", "Looser a.service is fenced in no longer by RestrictNamespaces")]
    [InlineData("PrivateTmp=yes", "PrivateTmp=true", null)]
    [InlineData("ProtectHome=read-only", "ProtectHome=tmpfs", "Tighter a.service has ProtectHome at tmpfs instead of read-only")]
    public void How_far_a_fence_goes_is_told(string old, string @new, string? told) =>
        Assert.Equal(told ?? "", string.Join('|', Moves(new Systems().Unit("a.service", $"[Service]\nA=1\n{old}\n", $"[Service]\nA=2\n{@new}\n"))));

    [Fact]
    public void A_user_of_its_own_is_not_root_and_brings_its_fences_with_it() => Assert.Equal(
        ["Changed a.service runs as a user of its own instead of web", "Tighter a.service is fenced in: DynamicUser"],
        Moves(new Systems().Unit("a.service", "[Service]\nUser=web\nPrivateTmp=yes\nNoNewPrivileges=yes\nProtectSystem=strict\nProtectHome=read-only\n", "[Service]\nDynamicUser=yes\n")));

    [Fact]
    public void Sockets_that_listen_elsewhere_are_told() => Assert.Equal(
        ["a.socket listens on 0.0.0.0:80", "a.socket no longer listens on 127.0.0.1:80"],
        Told(new Systems().Unit("a.socket", "[Socket]\nListenStream=127.0.0.1:80\nListenStream=/run/a\n", "[Socket]\nListenStream=0.0.0.0:80\n")));

    [Fact]
    public void Broken_tables_of_a_hostile_server_are_told_as_nothing() => Assert.Empty(
        Told(new Systems().File(Made + "users-groups.json", "{}", """{"users":7}""").File("etc/ssh/sshd_config", "Match", "\t=\n=\n")));

    private static string Users(string field) => $$"""{"users":[{"name":"git","isSystemUser":true,{{field}}}],"groups":[]}""";

    // As nixpkgs' firewall-nftables.nix writes it.
    private static string Nft(string allowed, string outgoing = "") => $$"""
        table inet nixos-fw {
          chain input {
            type filter hook input priority filter; policy drop;

            iifname { "lo" } accept comment "trusted interfaces"
            ct state vmap {
              new : jump input-allow,
            }
          }

          chain input-allow {
            {{allowed}}
            meta l4proto . th dport @temp-ports accept
          }

          chain output {
            type filter hook output priority filter; policy drop;
          }

          chain output-allow {
            {{outgoing}}
          }
        }
        """;

    private static IEnumerable<string> Told(Systems systems) => Changes(systems).Select(change => $"{change.Subject} {change.What}");

    private static IEnumerable<string> Moves(Systems systems) => Changes(systems).Select(change => $"{change.Move} {change.Subject} {change.What}");

    private static ImmutableArray<SecurityChange> Changes(Systems systems) =>
        SecurityChanges.Find(systems.From, systems.To, EtcChanges.Find(systems.From, systems.To), systems.Forecast().Changes);
}
