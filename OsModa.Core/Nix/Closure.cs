namespace OsModa.Core.Nix;

/// <summary>A system and everything it needs.</summary>
/// <param name="System">The system itself, as a generation's link names it.</param>
/// <param name="Paths">All paths of its closure, the system's own among them, in any order.</param>
public sealed record Closure(StorePath System, IReadOnlyList<StorePathInfo> Paths)
{
    /// <summary>The part of a list that a system needs; references to what the list lacks lead nowhere.</summary>
    public static Closure Within(IReadOnlyDictionary<StorePath, StorePathInfo> all, StorePath system)
    {
        var paths = new List<StorePathInfo>();
        var seen = new HashSet<StorePath> { system };
        var open = new Stack<StorePath>([system]);
        while (open.TryPop(out var path))
        {
            if (all.TryGetValue(path, out var info))
            {
                paths.Add(info);
                foreach (var reference in info.References)
                {
                    if (seen.Add(reference))
                    {
                        open.Push(reference);
                    }
                }
            }
        }

        return new Closure(system, paths);
    }
}
