using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>Units by which people and the dashboard reach a server: SSH, addresses, tunnels, the firewall.</summary>
internal static class WayIn
{
    private static readonly string[] Names =
    [
        "sshd", "sshd.socket", "NetworkManager", "systemd-networkd", "network-setup", "network-local-commands", "firewall", "nftables",
        "dhcpcd", "wpa_supplicant", "iwd", "tailscaled", "zerotierone", "netbird", "cloudflared",
    ];

    // NixOS makes one unit for each interface, tunnel or peer.
    private static readonly string[] Beginnings =
    [
        "sshd@", "network-addresses-", "network-link-", "wireguard-", "wg-quick-", "wpa_supplicant-", "openvpn-", "nebula@", "netbird-", "cloudflared-tunnel-", "pppd-", "autossh-",
    ];

    /// <summary>What a switch does to them; null when it lets all of them be.</summary>
    public static string? Touched(Forecast forecast) =>
        Any(forecast, UnitFate.Stop) ? "SSH or its network stops for good"
        : Any(forecast, UnitFate.StopAndStart, UnitFate.Restart, UnitFate.StopUntilAsked) ? "SSH or its network restarts"
        : Any(forecast, UnitFate.Reload) ? "SSH or its network reloads"
        : Any(forecast, UnitFate.Start) ? "a part of SSH or its network starts"
        : null;

    /// <summary>What is let in changes, although by no unit that is touched: sshd reads its settings at each login where a socket starts it.</summary>
    public static bool HasOtherRules(Forecast forecast) =>
        forecast.Security.Any(change => change.Subject is AccessChanges.Ssh or PortChanges.Firewall || change.Subject.StartsWith(PortChanges.Port, StringComparison.Ordinal) || change.Subject.StartsWith(PortChanges.Interface, StringComparison.Ordinal));

    private static bool Any(Forecast forecast, params UnitFate[] fates) => forecast.With(fates).Any(IsWay);

    private static bool IsWay(UnitName unit) =>
        (unit.Text.EndsWith(".service", StringComparison.Ordinal) || unit.Text.EndsWith(".socket", StringComparison.Ordinal))
        && (Names.Contains(unit.Short) || unit.Short.EndsWith("-netdev", StringComparison.Ordinal) || Array.Exists(Beginnings, beginning => unit.Short.StartsWith(beginning, StringComparison.Ordinal)));
}
