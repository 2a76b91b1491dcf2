using OsModa.Core.Comparison.Packages;

namespace OsModa.Core.Comparison;

/// <summary>Which packages have a row in the comparison.</summary>
internal sealed class PackageRows(PackageComparison packages)
{
    private readonly HashSet<string> _names = packages.Changes.Select(change => change.Name).ToHashSet(StringComparer.Ordinal);

    public string? Of(string name) => _names.Contains(name) ? RowIds.Package(name) : null;
}
