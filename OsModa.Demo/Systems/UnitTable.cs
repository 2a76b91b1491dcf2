using System.Collections.Immutable;

namespace OsModa.Demo.Systems;

/// <summary>The units that simulated servers have, by what the server is for.</summary>
internal static class UnitTable
{
    // kind | name | description | package | megabytes at rest | status text
    private const string Everywhere = """
        Slice|-.slice|Root Slice||0|
        Slice|system.slice|System Slice||0|
        Slice|user.slice|User and Session Slice||0|
        Target|multi-user.target|Multi-User System||0|
        Target|network-online.target|Network is Online||0|
        Target|timers.target|Timer Units||0|
        Target|sockets.target|Socket Units||0|
        Target|local-fs.target|Local File Systems||0|
        Mount|-.mount|Root Mount||0|
        Mount|boot.mount|/boot||0|
        Mount|nix-store.mount|/nix/store||0|
        Mount|run-wrappers.mount|/run/wrappers||0|
        Socket|dbus.socket|D-Bus System Message Bus Socket||0|
        Socket|nix-daemon.socket|Nix Daemon Socket||0|
        Socket|systemd-journald.socket|Journal Sockets||0|
        Socket|systemd-udevd-control.socket|udev Control Socket||0|
        Timer|logrotate.timer|Logrotate Timer||0|
        Timer|nix-gc.timer|Nix Garbage Collector||0|
        Timer|nixos-upgrade.timer|NixOS Upgrade||0|
        Timer|systemd-tmpfiles-clean.timer|Daily Cleanup of Temporary Directories||0|
        Timer|fstrim.timer|Discard unused filesystem blocks once a week||0|
        Done|firewall.service|Firewall|iptables|0|
        Done|systemd-tmpfiles-setup.service|Create System Files and Directories|systemd|0|
        Done|systemd-modules-load.service|Load Kernel Modules|systemd|0|
        Done|systemd-sysctl.service|Apply Kernel Variables|systemd|0|
        Done|suid-sgid-wrappers.service|Create SUID/SGID Wrappers|util-linux|0|
        Job|logrotate.service|Logrotate Service|logrotate|0|
        Job|nix-gc.service|Nix Garbage Collector|nix|0|
        Job|nixos-upgrade.service|NixOS Upgrade|nix|0|
        Daemon|dbus.service|D-Bus System Message Bus|dbus|6|
        Daemon|getty@tty1.service|Getty on tty1|util-linux|1|
        Daemon|nscd.service|Name Service Cache Daemon (nsncd)|nscd-nsncd|3|
        Daemon|nix-daemon.service|Nix Daemon|nix|41|
        Daemon|sshd.service|SSH Daemon|openssh|7|
        Daemon|systemd-journald.service|Journal Service|systemd|48|Processing requests...
        Daemon|systemd-logind.service|User Login Management|systemd|4|Processing requests...
        Daemon|systemd-networkd.service|Network Configuration|systemd|6|Processing requests...
        Daemon|systemd-oomd.service|Userspace Out-Of-Memory (OOM) Killer|systemd|3|Processing requests...
        Daemon|systemd-resolved.service|Network Name Resolution|systemd|9|Processing requests...
        Daemon|systemd-timesyncd.service|Network Time Synchronization|systemd|3|Contacted time server 162.159.200.123:123 (0.nixos.pool.ntp.org).
        Daemon|systemd-udevd.service|Rule-based Manager for Device Events and Files|systemd|11|Processing requests...
        Daemon|fail2ban.service|Fail2ban Service|fail2ban|34|Server ready
        Daemon|prometheus-node-exporter.service|Prometheus exporter for machine metrics|prometheus-node-exporter|19|
        Daemon|osmoda-agentd.service|osModa agent daemon|osmoda-agentd|22|
        Daemon|osmoda-watch.service|osModa watchers and SafeSwitch|osmoda-watch|14|
        Daemon|osmoda-gateway.service|osModa gateway|osmoda-gateway|118|
        """;

    private static readonly Dictionary<string, string> ByRole = new(StringComparer.Ordinal)
    {
        ["web"] = """
            Daemon|nginx.service|Nginx Web Server|nginx|38|
            Daemon|postgresql.service|PostgreSQL Server|postgresql|412|
            Daemon|redis-queue.service|Redis Server - queue|redis|27|Ready to accept connections
            Timer|acme-renew.timer|Renew ACME Certificates||0|
            Job|acme-renew.service|Renew ACME Certificates|lego|0|
            Timer|postgresql-backup.timer|Backup of all databases||0|
            Job|postgresql-backup.service|Backup of all databases|postgresql|0|
            Daemon|osmoda-mesh.service|osModa mesh|osmoda-mesh|16|
            """,
        ["scout"] = """
            Daemon|nginx.service|Nginx Web Server|nginx|24|
            Daemon|redis-queue.service|Redis Server - queue|redis|61|Ready to accept connections
            Daemon|unbound.service|Unbound recursive Domain Name Server|unbound|44|
            Daemon|osmoda-egress.service|osModa egress proxy|osmoda-egress|12|
            Daemon|osmoda-mesh.service|osModa mesh|osmoda-mesh|16|
            """,
        ["scribe"] = """
            Daemon|postgresql.service|PostgreSQL Server|postgresql|688|
            Timer|postgresql-backup.timer|Backup of all databases||0|
            Job|postgresql-backup.service|Backup of all databases|postgresql|0|
            Daemon|osmoda-egress.service|osModa egress proxy|osmoda-egress|12|
            """,
        ["ledger"] = """
            Daemon|postgresql.service|PostgreSQL Server|postgresql|531|
            Timer|restic-backups-ledger.timer|Backup of the ledger||0|
            Job|restic-backups-ledger.service|Backup of the ledger|restic|0|
            Daemon|osmoda-keyd.service|osModa key daemon|osmoda-keyd|9|
            Daemon|wg-quick-backbone.service|WireGuard tunnel backbone|wireguard-tools|1|
            """,
        ["edge"] = """
            Daemon|haproxy.service|HAProxy|haproxy|52|Ready.
            Daemon|nginx.service|Nginx Web Server|nginx|18|
            Daemon|unbound.service|Unbound recursive Domain Name Server|unbound|31|
            Done|wg-quick-backbone.service|WireGuard tunnel backbone|wireguard-tools|0|
            """,
        ["build"] = """
            Daemon|hydra-runner.service|Build runner|hydra-runner|211|4 of 4 slots busy
            Daemon|atticd.service|Binary cache|attic|96|
            Daemon|vector.service|Log shipper|vector|143|
            Timer|ccache-trim.timer|Trim the compiler cache||0|
            Job|ccache-trim.service|Trim the compiler cache|ccache|0|
            """,
        ["lab"] = """
            Daemon|nginx.service|Nginx Web Server|nginx|15|
            Daemon|postgresql.service|PostgreSQL Server|postgresql|203|
            Daemon|osmoda-routines.service|osModa routines|osmoda-routines|11|
            """,
    };

    private static readonly Dictionary<string, (string Description, long Bytes, string Status)> Agents = new(StringComparer.Ordinal)
    {
        ["scout"] = ("Agent scout: watches sources and reports news", 231_000_000, "watching 42 sources"),
        ["scribe"] = ("Agent scribe: answers the mail queue", 264_000_000, "queue empty"),
        ["ledgerbot"] = ("Agent ledgerbot: books invoices", 187_000_000, "waiting for work"),
        ["archivist"] = ("Agent archivist: files and finds documents", 342_000_000, "18,204 documents"),
        ["courier"] = ("Agent courier: delivers between services", 143_000_000, "3 routes"),
        ["warden"] = ("Agent warden: looks after the network's edge", 158_000_000, "no alarms"),
        ["tinker"] = ("Agent tinker: tries new skills", 205_000_000, "idle"),
    };

    /// <summary>The units of a server for <paramref name="role"/> with these agents.</summary>
    public static ImmutableArray<UnitTemplate> Of(string role, ImmutableArray<string> agents) =>
        [.. Read(Everywhere), .. Read(ByRole[role]), .. agents.Select(AgentUnit)];

    private static IEnumerable<UnitTemplate> Read(string table) =>
        table.Split('\n').Select(static line => line.Split('|')).Select(static f => new UnitTemplate(
            f[1], f[2], Enum.Parse<UnitKind>(f[0]), f[3].Length > 0 ? f[3] : null, long.Parse(f[4]) * 1_000_000, null, f.Length > 5 ? f[5] : ""));

    private static UnitTemplate AgentUnit(string agent)
    {
        var (description, bytes, status) = Agents[agent];
        return new UnitTemplate(agent + ".service", description, UnitKind.Daemon, agent, bytes, agent, status);
    }
}
