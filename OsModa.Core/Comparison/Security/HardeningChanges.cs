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
        ("ProtectHome", ["no", "read-only", "tmpfs", "yes"]),
    ];

    public static IEnumerable<SecurityChange> Find(IEnumerable<UnitFileChange> units) => units
        .Where(unit => unit is { Old: not null, New: not null } && unit.Unit.Text.EndsWith(".service", StringComparison.Ordinal))
        .SelectMany(unit => Find(unit.Unit.Text, new UnitFences(UnitFile.Parse([unit.Old!])), new UnitFences(UnitFile.Parse([unit.New!]))));

    private static IEnumerable<SecurityChange> Find(string unit, UnitFences old, UnitFences @new)
    {
        foreach (var fence in Fences)
        {
            // What comes and goes with DynamicUser is told by that line alone.
            var (before, after) = (old.Of(fence), @new.Of(fence));
            if (before != after && old.Has(fence) != @new.Has(fence))
            {
                yield return @new.Has(fence) ? new SecurityChange(unit, $"is fenced in: {fence}", SecurityMove.Tighter) : new SecurityChange(unit, $"is fenced in no longer by {fence}", SecurityMove.Looser);
            }
            else if (before != "no" && after != "no" && before != after)
            {
                yield return new SecurityChange(unit, $"is fenced in by {fence} in another way: {after} instead of {before}", SecurityMove.Changed);
            }
        }

        foreach (var (key, steps) in Ladders)
        {
            var (before, after) = (old.Step(key, steps), @new.Step(key, steps));
            if (before != after && old.Of(key) != @new.Of(key))
            {
                yield return new SecurityChange(unit, $"has {key} at {steps[after]} instead of {steps[before]}", after > before ? SecurityMove.Tighter : SecurityMove.Looser);
            }
        }

        if (old.User != @new.User)
        {
            yield return new SecurityChange(unit, $"runs as {@new.User} instead of {old.User}", @new.User == UnitFences.Root ? SecurityMove.Looser : old.User == UnitFences.Root ? SecurityMove.Tighter : SecurityMove.Changed);
        }

        foreach (var change in Capabilities(unit, old, @new))
        {
            yield return change;
        }
    }

    private static IEnumerable<SecurityChange> Capabilities(string unit, UnitFences old, UnitFences @new)
    {
        const string bounds = "CapabilityBoundingSet", more = "AmbientCapabilities";
        if (!(old.Set(more) ?? []).SequenceEqual(@new.Set(more) ?? [], StringComparer.Ordinal))
        {
            yield return new SecurityChange(unit, $"has other capabilities: {more}", SecurityMove.Changed);
        }

        switch (old.Set(bounds), @new.Set(bounds))
        {
            case (null, { }):
                yield return new SecurityChange(unit, $"may no longer use every capability: {bounds}", SecurityMove.Tighter);
                break;
            case ({ }, null):
                yield return new SecurityChange(unit, $"may use every capability: it has no {bounds} any more", SecurityMove.Looser);
                break;
            case ({ } before, { } after) when !before.SequenceEqual(after, StringComparer.Ordinal):
                yield return new SecurityChange(unit, $"has other capabilities: {bounds}", before.Count == 0 ? SecurityMove.Looser : after.Count == 0 ? SecurityMove.Tighter : SecurityMove.Changed);
                break;
        }
    }
}
