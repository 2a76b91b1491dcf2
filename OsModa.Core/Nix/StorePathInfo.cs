using System.Collections.Immutable;

namespace OsModa.Core.Nix;

/// <summary>What Nix's database knows of one path.</summary>
/// <param name="Path">The path.</param>
/// <param name="NarBytes">Size of its NAR serialisation: contents without sharing between paths.</param>
/// <param name="References">Paths that it names, itself left out.</param>
public sealed record StorePathInfo(StorePath Path, long NarBytes, ImmutableArray<StorePath> References);
