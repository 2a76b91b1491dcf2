namespace OsModa.Core.Nix;

/// <summary>A system and everything it needs.</summary>
/// <param name="System">The system itself, as a generation's link names it.</param>
/// <param name="Paths">All paths of its closure, the system's own among them, in any order.</param>
public sealed record Closure(StorePath System, IReadOnlyList<StorePathInfo> Paths);
