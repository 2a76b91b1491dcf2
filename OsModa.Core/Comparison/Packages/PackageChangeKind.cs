namespace OsModa.Core.Comparison.Packages;

/// <summary>What happens to a package, in the order in which people should read it.</summary>
public enum PackageChangeKind
{
    /// <summary>To a newer version; of several versions, all that change.</summary>
    Upgraded,
    /// <summary>To an older version; of several versions, all that change.</summary>
    Downgraded,
    /// <summary>Of several versions some go up and some go down.</summary>
    BothWays,
    /// <summary>To another version, of which nobody can tell whether it is newer.</summary>
    Changed,
    /// <summary>It is new, or a further version of it is.</summary>
    Added,
    /// <summary>It goes, or one of its versions does.</summary>
    Removed,
    /// <summary>The same versions, with outputs or further builds that come or go.</summary>
    Outputs,
    /// <summary>The same version and outputs, built from something else.</summary>
    Rebuilt,
    /// <summary>The same paths; it is chosen now, or no longer.</summary>
    Selection,
    /// <summary>No package: written by NixOS from the configuration.</summary>
    Configuration,
}

/// <summary>Whether the configuration asks for a package itself, in <c>environment.systemPackages</c>, or it is there because others need it.</summary>
public enum PackageSelection
{
    Dependency,
    Selected,
    NewlySelected,
    NoLongerSelected,
}
