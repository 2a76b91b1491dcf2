using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>By what a path of one system finds its counterpart in another: the name by which packages are compared.</summary>
/// <param name="Name">As in <see cref="PackageChange.Name"/>.</param>
/// <param name="Version">Empty when it has none.</param>
/// <param name="Written">No package: NixOS wrote it from the configuration.</param>
internal readonly record struct PackageKey(string Name, string Version, bool Written)
{
    public static PackageKey Of(StorePath path)
    {
        var whole = StoreName.Whole(path);
        if (ArtefactRules.Find(whole) is { Versioned: false })
        {
            return new PackageKey(path.Name, "", Written: true);
        }

        var name = StoreName.Split(whole);
        return new PackageKey(name.Name.ToString(), name.Version.ToString(), Written: false);
    }

    public bool IsScript => Written && ArtefactRules.Find(Name) is { Kind: ArtefactKind.UnitScripts };

    /// <summary>Nothing but hashes of what else is named: a file whose text says nothing to people.</summary>
    public bool IsTrigger => Written && ArtefactRules.Find(Name) is { Kind: ArtefactKind.Triggers };
}
