using OsModa.Core.Comparison.Packages;

namespace OsModa.Core.Comparison;

/// <summary>The package whose program a service runs: the first store path of its first <c>ExecStart=</c> that has a version.</summary>
public static class UnitProgram
{
    /// <summary>Name and version; null when it runs nothing that has one.</summary>
    public static (string Name, string Version)? Of(string? unitText)
    {
        foreach (var path in (unitText is null ? [] : UnitFile.Parse([unitText]).Values("Service", "ExecStart")).SelectMany(StorePathNames.In))
        {
            if (StoreName.Of(path) is { Version.IsEmpty: false } name)
            {
                return (name.Name.ToString(), name.Version.ToString());
            }
        }

        return null;
    }
}
