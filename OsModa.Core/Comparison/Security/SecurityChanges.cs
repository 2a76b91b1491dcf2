using System.Collections.Immutable;

namespace OsModa.Core.Comparison;

/// <summary>Everything about safety in one list: what opens first, what closes last.</summary>
internal static class SecurityChanges
{
    private const int Most = 300;

    public static ImmutableArray<SecurityChange> Find(SystemFiles from, SystemFiles to, IEnumerable<FileChange> files, IReadOnlyCollection<UnitFileChange> units) =>
    [
        .. PortChanges.Find(from, to, units)
            .Concat(UserChanges.Find(from, to))
            .Concat(AccessChanges.Find(files))
            .Concat(WrapperChanges.Find(from, to))
            .Concat(HardeningChanges.Find(units))
            .Distinct().OrderBy(change => change.Move).Take(Most),
    ];
}
