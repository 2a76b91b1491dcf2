using System.Globalization;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.SafeSwitch;

/// <summary>
/// The same way back as somebody would type it who knows at once what to do: the bad generation is being activated, its agent crashes,
/// the switch program is killed, and the old one runs. Only that last command is timed: nothing can be faster than it.
/// </summary>
internal static class BareReturn
{
    private const string Script = """
        old=$(readlink -f /run/current-system) new=$(readlink -f /nix/var/nix/profiles/system-$1-link)
        setsid "$new/bin/switch-to-configuration" test >/dev/null 2>&1 &
        until [ /run/current-system -ef "$new" ] && [ "$(systemctl show -P NRestarts agent-scout)" -ge 1 ]; do sleep 0.05; done
        kill -KILL -- -$!
        rm -f /run/nixos/*-list
        sleep 0.1
        began=$(date +%s%6N)
        NIXOS_NO_SYNC=1 "$old/bin/switch-to-configuration" test >/dev/null 2>&1
        echo $(($(date +%s%6N) - began))
        """;

    /// <returns>Seconds.</returns>
    public static async Task<double> RunAsync(LabServer server) =>
        double.Parse((await server.EnterAsync("/bin/sh", "-c", Script, "bare", LabGenerations.Number("exitsAtOnce").ToString(CultureInfo.InvariantCulture))).Trim(), CultureInfo.InvariantCulture) / 1_000_000;
}
