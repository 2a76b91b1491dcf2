using System.Collections.Immutable;

namespace OsModa.Core.Nix;

/// <summary>Sizes of closures, from what each path refers to.</summary>
public static class ClosureMeasure
{
    /// <summary>
    /// Measures the closure of each system. A path counts as exclusive to a system when no other of <paramref name="systems"/> needs it.
    /// Systems that <paramref name="infos"/> does not know are left out; so are references that lead out of it.
    /// </summary>
    public static ImmutableDictionary<StorePath, ClosureSize> Measure(IReadOnlyCollection<StorePath> systems, IReadOnlyDictionary<StorePath, StorePathInfo> infos)
    {
        var closures = systems.Distinct().Where(infos.ContainsKey).ToDictionary(system => system, system => Closure(system, infos));
        var users = new Dictionary<StorePath, int>();
        foreach (var path in closures.Values.SelectMany(closure => closure))
        {
            users[path] = users.GetValueOrDefault(path) + 1;
        }

        return closures.ToImmutableDictionary(
            closure => closure.Key,
            closure => new ClosureSize(
                closure.Value.Sum(path => infos[path].NarBytes),
                closure.Value.Where(path => users[path] == 1).Sum(path => infos[path].NarBytes),
                closure.Value.Count));
    }

    /// <summary>All paths that <paramref name="root"/> needs, itself among them.</summary>
    public static IReadOnlySet<StorePath> Closure(StorePath root, IReadOnlyDictionary<StorePath, StorePathInfo> infos)
    {
        var seen = new HashSet<StorePath> { root };
        var open = new Stack<StorePath>([root]);
        while (open.TryPop(out var path))
        {
            foreach (var reference in infos[path].References)
            {
                if (infos.ContainsKey(reference) && seen.Add(reference))
                {
                    open.Push(reference);
                }
            }
        }

        return seen;
    }
}
