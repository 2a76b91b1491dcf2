using OsModa.Core.Ssh;

namespace OsModa.Core.SafeSwitch;

/// <summary>The scripts of a switch. Those that share parts are put together here; on the server each is one file.</summary>
internal static class SwitchScripts
{
    /// <summary>Starts <see cref="Program"/> as a unit of its own on the server.</summary>
    public static RemoteScript Start { get; } = RemoteScript.Together("switch-order.sh", "switch-unit.sh", "switch-baseline.sh", "start-switch.sh") with { NeedsRoot = true };

    /// <summary>What switches: handed over as an argument of <see cref="Start"/>.</summary>
    public static string Program { get; } = RemoteScript.Together(
        "switch-order.sh", "switch-unit.sh", "switch-baseline.sh", "boot-parts.sh", "switch-checks.sh", "switch-journal.sh", "switch-preflight.sh", "switch-events.sh", "switch-program.sh", "switch-trouble.sh", "switch-health.sh", "switch-lost.sh", "switch-follow.sh",
        "switch-back.sh", "switch-restore.sh", "switch-guard.sh", "switch-hook.sh", "switch-restart.sh", "switch-stand.sh", "switch-ended.sh", "safeswitch.sh").Text;

    /// <summary>Tells a switch on probation that the dashboard reaches the server over a new connection.</summary>
    public static RemoteScript Confirm { get; } = RemoteScript.Together("switch-order.sh", "switch-named.sh", "confirm.sh") with { NeedsRoot = true };

    /// <summary>A person wants a switch undone that is not decided yet.</summary>
    public static RemoteScript Stop { get; } = RemoteScript.Together("switch-order.sh", "switch-named.sh", "stop.sh") with { NeedsRoot = true };

    /// <summary>Builds a system that crashes on purpose, out of the one that runs.</summary>
    public static RemoteScript Drill { get; } = RemoteScript.Embedded("drill.sh") with { NeedsRoot = true };

    /// <summary>Reads an operation back.</summary>
    public static RemoteScript Read { get; } = RemoteScript.Embedded("operation.sh") with { NeedsRoot = true };

    /// <summary>Tells what a switch would do.</summary>
    public static RemoteScript Preview { get; } = RemoteScript.Together("boot-parts.sh", "switch-checks.sh", "preview.sh") with { NeedsRoot = true };
}
