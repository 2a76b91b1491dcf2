using System.Collections.Frozen;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>A whole system as its server tells it.</summary>
/// <param name="Closure">The system and everything it needs.</param>
/// <param name="Files">Everything below /etc, and what it boots with.</param>
public sealed record SystemContents(Closure Closure, SystemFiles Files)
{
    public StorePath System => Closure.System;

    /// <summary>What is different between two systems that no server has to hold both of.</summary>
    public static SystemDifference Between(SystemContents from, SystemContents to)
    {
        var (fromFiles, toFiles) = Differing(from.Files, to.Files);
        return SystemDifference.Of(from.System, to.System, PackageComparison.Between(from.Closure, to.Closure), fromFiles, toFiles, ClosureGraph.Of(from.Closure), ClosureGraph.Of(to.Closure));
    }

    /// <summary>
    /// Leaves out what is alike: the same path with the same target. What compare.sh tells of two systems of one server is the same,
    /// so texts of a unit stay whole where its file or any drop-in of it differs.
    /// </summary>
    internal static (SystemFiles From, SystemFiles To) Differing(SystemFiles from, SystemFiles to)
    {
        var alike = from.Entries.Where(one => to.Entries.TryGetValue(one.Key, out var other) && other == one.Value).Select(one => one.Key).ToHashSet(StringComparer.Ordinal);
        var units = from.Entries.Keys.Concat(to.Entries.Keys).Where(path => !alike.Contains(path)).SelectMany(UnitFiles.FilesOf).ToHashSet(StringComparer.Ordinal);
        return (Without(from, to, alike, units), Without(to, from, alike, units));
    }

    private static SystemFiles Without(SystemFiles side, SystemFiles other, HashSet<string> alike, HashSet<string> units) => new(
        side.Entries.Where(one => !alike.Contains(one.Key)).ToFrozenDictionary(StringComparer.Ordinal),
        side.Texts.Where(one => IsOutside(one.Key) ? !other.Texts.ContainsKey(one.Key) : !alike.Contains(one.Key) || UnitFiles.FilesOf(one.Key).Any(units.Contains))
            .ToFrozenDictionary(StringComparer.Ordinal));

    // Scripts and tables by their path of the store, which says all of them.
    private static bool IsOutside(string path) => path.StartsWith(StorePath.Folder, StringComparison.Ordinal);
}
