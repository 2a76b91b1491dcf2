namespace OsModa.Core.Nix;

/// <summary>A system and everything it needs.</summary>
/// <param name="System">The system itself, as a generation's link names it.</param>
/// <param name="Paths">All paths of its closure, the system's own among them, in any order.</param>
public sealed record Closure(StorePath System, IReadOnlyList<StorePathInfo> Paths)
{
    /// <summary>The part of a list that a system needs; references to what the list lacks lead nowhere.</summary>
    /// <exception cref="FormatException">The list lacks the system itself.</exception>
    public static Closure Within(IReadOnlyDictionary<StorePath, StorePathInfo> all, StorePath system) => all.ContainsKey(system)
        ? new Closure(system, [.. ClosureMeasure.Closure(system, all).Select(path => all[path])])
        : throw new FormatException("The list of store paths lacks the system that it is of.");
}
