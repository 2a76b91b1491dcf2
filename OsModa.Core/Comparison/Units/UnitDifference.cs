using System.Collections.Frozen;

namespace OsModa.Core.Comparison;

/// <summary>What a change of a unit's settings asks for, before the unit's own wishes are looked at.</summary>
public enum UnitDifference
{
    /// <summary>Nothing that matters while it runs.</summary>
    None,
    Reload,
    Restart,
}

/// <summary>How NixOS's switch program compares two versions of a unit (nixpkgs, switch-to-configuration-ng, compare_units).</summary>
public static class UnitComparer
{
    // Settings of [Unit] that take effect by systemd's reload alone.
    private static readonly FrozenSet<string> Harmless = new[]
    {
        "X-Reload-Triggers", "Description", "Documentation", "OnFailure", "OnSuccess", "OnFailureJobMode", "IgnoreOnIsolate", "StopWhenUnneeded",
        "RefuseManualStart", "RefuseManualStop", "AllowIsolate", "CollectMode", "SourcePath",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static UnitDifference Compare(UnitFile old, UnitFile @new)
    {
        var worst = UnitDifference.None;
        foreach (var section in old.Sections.Union(@new.Sections, StringComparer.Ordinal))
        {
            // An empty section counts where a whole one came or went, but for [Unit].
            if (section != "Unit" && old.Sections.Contains(section) != @new.Sections.Contains(section))
            {
                return UnitDifference.Restart;
            }

            var (before, after) = (old.Section(section), @new.Section(section));
            foreach (var key in before.Keys.Union(after.Keys, StringComparer.Ordinal))
            {
                if (Same(before, after, key))
                {
                    continue;
                }

                var asks = Asks(section, key, inBoth: before.ContainsKey(key) && after.ContainsKey(key), isNew: !before.ContainsKey(key));
                if (asks == UnitDifference.Restart)
                {
                    return asks;
                }

                worst = asks == UnitDifference.Reload ? asks : worst;
            }
        }

        return worst;
    }

    private static bool Same(IReadOnlyDictionary<string, List<string>> before, IReadOnlyDictionary<string, List<string>> after, string key) =>
        before.TryGetValue(key, out var old) && after.TryGetValue(key, out var @new) && old.SequenceEqual(@new, StringComparer.Ordinal);

    private static UnitDifference Asks(string section, string key, bool inBoth, bool isNew) => (section, key) switch
    {
        ("Unit", "X-Reload-Triggers") => inBoth || isNew ? UnitDifference.Reload : UnitDifference.None,
        ("Unit", _) when Harmless.Contains(key) => UnitDifference.None,
        ("Mount", "Options") when inBoth => UnitDifference.Reload,
        _ => UnitDifference.Restart,
    };
}
