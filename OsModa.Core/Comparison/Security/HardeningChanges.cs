namespace OsModa.Core.Comparison;

/// <summary>What a unit is permitted to do, from its settings (systemd.exec(5), Sandboxing and Capabilities).</summary>
internal static class HardeningChanges
{
    private static readonly string[] Fences =
    [
        "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "PrivateNetwork", "PrivateUsers", "PrivateMounts", "ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs",
        "ProtectControlGroups", "ProtectClock", "ProtectHostname", "MemoryDenyWriteExecute", "LockPersonality", "RestrictRealtime", "RestrictSUIDSGID", "RestrictNamespaces", "DynamicUser", "RemoveIPC",
    ];

    // Each step holds the ones before it.
    private static readonly (string Key, string[] Steps)[] Ladders =
    [
        ("ProtectSystem", ["no", "yes", "full", "strict"]),
        ("ProtectHome", ["no", "tmpfs", "read-only", "yes"]),
    ];

    public static IEnumerable<SecurityChange> Find(IEnumerable<UnitFileChange> units) => units
        .Where(unit => unit is { Old: not null, New: not null } && unit.Unit.Text.EndsWith(".service", StringComparison.Ordinal))
        .SelectMany(unit => Find(unit.Unit.Text, UnitFile.Parse([unit.Old!]), UnitFile.Parse([unit.New!])));

    private static IEnumerable<SecurityChange> Find(string unit, UnitFile old, UnitFile @new)
    {
        foreach (var fence in Fences)
        {
            var (before, after) = (old.Flag("Service", fence, otherwise: false), @new.Flag("Service", fence, otherwise: false));
            if (before != after)
            {
                yield return new SecurityChange(unit, after ? $"is fenced in: {fence}" : $"is fenced in no longer by {fence}", after ? SecurityMove.Tighter : SecurityMove.Looser);
            }
        }

        foreach (var (key, steps) in Ladders)
        {
            var (before, after) = (Step(old, key, steps), Step(@new, key, steps));
            if (before != after)
            {
                yield return new SecurityChange(unit, $"has {key} at {steps[after]} instead of {steps[before]}", after > before ? SecurityMove.Tighter : SecurityMove.Looser);
            }
        }

        foreach (var key in (string[])["User", "CapabilityBoundingSet", "AmbientCapabilities"])
        {
            var (before, after) = (string.Join(' ', old.Values("Service", key)), string.Join(' ', @new.Values("Service", key)));
            if (before != after)
            {
                yield return key == "User"
                    ? new SecurityChange(unit, $"runs as {Who(after)} instead of {Who(before)}", Who(after) == "root" ? SecurityMove.Looser : Who(before) == "root" ? SecurityMove.Tighter : SecurityMove.Changed)
                    : new SecurityChange(unit, $"has other capabilities: {key}", SecurityMove.Changed);
            }
        }
    }

    private static string Who(string user) => user.Length == 0 ? "root" : user;

    private static int Step(UnitFile unit, string key, string[] steps) =>
        unit.Values("Service", key) is [.., var last] ? Math.Max(0, Array.IndexOf(steps, last is "true" or "on" or "1" ? "yes" : last)) : 0;
}
