using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>Ids of the rows of a comparison, so that what is told of one elsewhere leads to it.</summary>
public static class RowIds
{
    /// <summary>What the two systems boot with.</summary>
    public const string Boot = "boot";

    public static string Unit(UnitName unit) => $"unit-{unit.Text}";

    /// <param name="name">As in <see cref="Packages.PackageChange.Name"/>.</param>
    public static string Package(string name) => $"package-{name}";

    /// <param name="path">Below /etc.</param>
    public static string File(string path) => $"file-{path}";
}
