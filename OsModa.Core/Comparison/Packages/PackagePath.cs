using OsModa.Core.Nix;

namespace OsModa.Core.Comparison.Packages;

/// <summary>A path that only one of two closures has.</summary>
/// <param name="Path">The path.</param>
/// <param name="Version">Its version; empty when it has none.</param>
/// <param name="Output">Its output.</param>
/// <param name="Bytes">Size of its contents.</param>
public readonly record struct PackagePath(StorePath Path, string Version, string Output, long Bytes);
