using System.Text;
using OsModa.Core.Configuration;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Systems;

/// <summary>What comes of the form's settings in a simulated system: which units they change, and how their files read then.</summary>
internal static class FormEffect
{
    private static readonly (string Option, string Unit)[] Known =
    [
        ("networking.firewall", "firewall.service"),
        ("services.nginx", "nginx.service"),
        ("services.openssh", "sshd.service"),
        ("services.postgresql", "postgresql.service"),
        ("services.osmoda.gateway", "osmoda-gateway.service"),
        ("services.osmoda.keyd", "osmoda-keyd.service"),
        ("services.osmoda.mesh", "osmoda-mesh.service"),
        ("services.osmoda.sandbox", "osmoda-egress.service"),
        ("services.osmoda.watch", "osmoda-watch.service"),
        ("services.prometheus.exporters.node", "prometheus-node-exporter.service"),
        ("services.redis", "redis-queue.service"),
        ("nix.settings", "nix-daemon.service"),
    ];

    /// <summary>The form takes the unit out of the system.</summary>
    public static bool IsOff(SettingsDocument form, string unit) =>
        !form.Settings.IsEmpty && form.Settings.Values.Any(setting => setting is { Path.Parts: [.., "enable"], Value: NixBool(false) } && UnitOf(setting.Path) == unit && setting.Path.Parts.Length <= 4);

    /// <summary>0 where no setting is about the unit; another number for other values.</summary>
    public static int EditsOf(SettingsDocument form, string unit) =>
        !form.Settings.IsEmpty && UnitLines(form, unit) is { Length: > 0 } lines ? (int)(Noise.Hash(3, StableText.Hash(lines)) % 1_000_000_000) + 16 : 0;

    /// <summary>What stands in the unit's file because of the form; empty for nothing.</summary>
    public static string UnitLines(SettingsDocument form, string unit)
    {
        StringBuilder? text = null;
        foreach (var setting in form.Settings.Values.Where(setting => UnitOf(setting.Path) == unit))
        {
            (text ??= new StringBuilder()).Append(setting is { Path.Parts: ["systemd", "services", _, "environment", var name], Value: NixText(var value) } ? $"Environment=\"{name}={value}\"\n" : $"# {Line(setting)}\n");
        }

        return text?.ToString() ?? "";
    }

    /// <summary>All settings, one a line; empty for none.</summary>
    public static string TextOf(SettingsDocument form) => form.Settings.IsEmpty ? "" : string.Join('\n', form.Settings.Values.Select(Line)) + "\n";

    private static string Line(Setting setting) =>
        $"{setting.Path} = {NixWriter.Inline(setting.Value)};{(setting.Priority == Setting.Plain ? "" : FormattableString.Invariant($" priority {setting.Priority}"))}".ReplaceLineEndings(" ");

    private static string? UnitOf(OptionPath path) => path.Parts is ["systemd", "services", var name, ..]
        ? name + ".service"
        : Known.FirstOrDefault(known => path.Text.StartsWith(known.Option + ".", StringComparison.Ordinal)).Unit;
}
