using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;

namespace OsModa.Dashboard.Pages.Rollback;

/// <summary>The checks before a switch, in words.</summary>
public static class CheckWords
{
    public static string Of(PreviewCheck check, int generation) => check.Name switch
    {
        "valid" => $"System of {generation} is there",
        "generation" => "Its number in the profile",
        "disk" => "Disk",
        "lock" => "No other switch runs",
        "operation" => "No other operation",
        "init" => "Same init",
        "inhibitors" => "Nothing that only a restart changes",
        "dry-run" => "Dry run",
        "clock" => "Clock",
        "watch" => "Units to watch",
        "upstream" => "No switch of osmoda-watch",
        "rights" => "Your rights",
        "reach" => "The server answers",
        "login" => "The login may act",
        _ => check.Name.Replace('-', ' '),
    };

    /// <summary>Its failure means "not while it runs", which setting the next boot gets around.</summary>
    public static bool OnlyHindersNow(PreviewCheck check) => check.Name is "init" or "inhibitors";

    /// <summary>Without these nobody gets in, or the one who acts goes down: they are marked.</summary>
    public static bool IsDelicate(UnitName unit) => unit.Text is "sshd.service" or "sshd.socket" or "nftables.service" or "firewall.service" or "dhcpcd.service" or "NetworkManager.service"
        || unit.Text.StartsWith("network", StringComparison.Ordinal) || unit.Text.StartsWith("systemd-networkd", StringComparison.Ordinal)
        || unit.Text.StartsWith("osmoda-", StringComparison.Ordinal) || unit.Text.StartsWith("wireguard-", StringComparison.Ordinal);

    public static (string Shape, string Tone, string Word) Look(CheckState state) => state switch
    {
        CheckState.Ok => ("done", "healthy", "passed"),
        CheckState.Warning => ("warning", "warning", "warning"),
        _ => ("failed", "failed", "failed"),
    };
}
