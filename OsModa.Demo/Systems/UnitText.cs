using System.Text;

namespace OsModa.Demo.Systems;

/// <summary>What is in the file of a simulated unit.</summary>
internal static class UnitText
{
    public static string Of(DemoSystem system, UnitTemplate unit)
    {
        var text = new StringBuilder("[Unit]\n").Append($"Description={unit.Description}\n");
        if (unit.IsService)
        {
            text.Append("After=network.target\n");
        }

        if (unit.Marker is { } marker)
        {
            text.Append($"X-OsModa-Agent={marker}\n");
        }

        if (!unit.IsService)
        {
            return text.ToString();
        }

        text.Append("\n[Service]\n");
        if (unit.Package is { } name && system.Release.Packages.TryGetValue(name, out var package))
        {
            text.Append($"ExecStart={package.Path.Text}/bin/{name}\n");
        }

        text.Append(unit.Kind is UnitKind.Daemon ? "Restart=always\nRestartSec=2s\n" : "Type=oneshot\n");
        if (unit.Kind is UnitKind.Done)
        {
            text.Append("RemainAfterExit=yes\n");
        }

        text.Append(Wishes(unit.Name));

        // Each change of the configuration gives it more room.
        var edits = system.Plan.Edits.GetValueOrDefault(unit.Name);
        text.Append($"MemoryMax={256 << Math.Min(edits, 6)}M\n");
        text.Append(edits > 1 ? "NoNewPrivileges=true\n" : "");
        return text.Append(FormEffect.UnitLines(system.Plan.Form, unit.Name)).ToString();
    }

    // As nixpkgs marks what would cut people off when it is stopped.
    private static string Wishes(string unit) => unit switch
    {
        "dbus.service" => "X-ReloadIfChanged=true\n",
        "systemd-logind.service" or "getty@tty1.service" => "X-RestartIfChanged=false\n",
        "sshd.service" or "nix-daemon.service" or "systemd-journald.service" or "systemd-networkd.service" or "systemd-resolved.service" => "X-StopIfChanged=false\n",
        _ => "",
    };
}
