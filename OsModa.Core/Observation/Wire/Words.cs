using System.Text;

namespace OsModa.Core.Observation.Wire;

/// <summary>The few words that servers say all the time, so that each is one string however often it comes.</summary>
internal static class Words
{
    private const int Longest = 32;

    private static readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Known = new[]
    {
        "active", "inactive", "failed", "activating", "deactivating", "reloading", "maintenance", "running", "exited", "dead", "waiting", "listening",
        "mounted", "plugged", "start", "start-pre", "start-post", "stop", "stop-sigterm", "stop-sigkill", "stop-post", "final-sigterm", "auto-restart",
        "auto-restart-queued", "reload", "condition", "elapsed", "success", "exit-code", "signal", "core-dump", "watchdog", "timeout", "oom-kill", "protocol",
        "resources", "start-limit-hit", "exec-condition", "loaded", "not-found", "masked", "error", "bad-setting", "merged", "enabled", "disabled", "static",
        "linked", "linked-runtime", "enabled-runtime", "generated", "transient", "alias", "indirect", "systemd", "nixos", "debug", "x86_64", "aarch64",
    }.ToDictionary(static word => word, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text of printable ASCII.</summary>
    public static string Find(ReadOnlySpan<byte> ascii)
    {
        if (ascii.IsEmpty)
        {
            return "";
        }

        if (ascii.Length > Longest)
        {
            return Encoding.ASCII.GetString(ascii);
        }

        Span<char> text = stackalloc char[ascii.Length];
        Encoding.ASCII.GetChars(ascii, text);
        return Known.TryGetValue(text, out var known) ? known : text.ToString();
    }
}
