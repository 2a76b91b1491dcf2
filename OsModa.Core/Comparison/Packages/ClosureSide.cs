using OsModa.Core.Nix;

namespace OsModa.Core.Comparison.Packages;

/// <summary>One of two closures, ready to be asked for its paths.</summary>
internal sealed class ClosureSide
{
    private readonly HashSet<StorePath> _paths;

    public ClosureSide(Closure closure)
    {
        _paths = new HashSet<StorePath>(closure.Paths.Count);
        Paths = new List<StorePathInfo>(closure.Paths.Count);
        StorePathInfo? system = null;
        foreach (var info in closure.Paths)
        {
            if (_paths.Add(info.Path))
            {
                Paths.Add(info);
                Bytes = ClosureTotals.Sum(Bytes, info.NarBytes);
                system = info.Path == closure.System ? info : system;
            }
        }

        Selected = Chosen(system);
    }

    /// <summary>Each path once.</summary>
    public List<StorePathInfo> Paths { get; }

    public long Bytes { get; }

    /// <summary>What <c>environment.systemPackages</c> names.</summary>
    public HashSet<StorePath> Selected { get; }

    public bool Has(StorePath path) => _paths.Contains(path);

    private HashSet<StorePath> Chosen(StorePathInfo? system)
    {
        var tree = system?.References.FirstOrDefault(reference => StoreName.Whole(reference).SequenceEqual(ArtefactRules.SystemPathName) && Has(reference));
        var info = tree is { Text: not null } path ? Paths.Find(one => one.Path == path) : null;
        return info is null ? [] : [.. info.References.Where(Has)];
    }
}
