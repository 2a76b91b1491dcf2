using OsModa.Core.Ssh;

namespace OsModa.Core.SafeSwitch;

/// <summary>The scripts of a switch. Those that share parts are put together here; on the server each is one file.</summary>
internal static class SwitchScripts
{
    /// <summary>Starts <see cref="Program"/> as a unit of its own on the server.</summary>
    public static RemoteScript Start { get; } = RemoteScript.Embedded("start-switch.sh") with { NeedsRoot = true };

    /// <summary>What switches: handed over as an argument of <see cref="Start"/>.</summary>
    public static string Program { get; } = Together("switch-checks.sh", "switch-journal.sh", "switch-program.sh", "switch-trouble.sh", "safeswitch.sh");

    /// <summary>Reads an operation back.</summary>
    public static RemoteScript Read { get; } = RemoteScript.Embedded("operation.sh") with { NeedsRoot = true };

    /// <summary>Tells what a switch would do.</summary>
    public static RemoteScript Preview { get; } = new("preview.sh", Together("switch-checks.sh", "preview.sh")) { NeedsRoot = true };

    private static string Together(params string[] names) => string.Concat(names.Select(name => RemoteScript.Embedded(name).Text + "\n"));
}
