using System.Collections.Immutable;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison.Packages;

/// <summary>Everything in which the packages of two systems differ; nothing is left out for being small.</summary>
/// <param name="Changes">Chosen packages first, then by kind, then by name. Each path that only one side has is in exactly one of them.</param>
/// <param name="From">Sizes of the first closure.</param>
/// <param name="To">Sizes of the second closure.</param>
public sealed record PackageComparison(ImmutableArray<PackageChange> Changes, ClosureTotals From, ClosureTotals To)
{
    /// <summary>By how much the closure grows; negative when it shrinks.</summary>
    public long Delta => To.Bytes - From.Bytes;

    /// <summary>
    /// Compares two closures, whichever is the older one. A path listed twice counts once; references to paths that the closure lacks count nothing.
    /// The time grows with the number of paths, never with its square.
    /// </summary>
    public static PackageComparison Between(Closure from, Closure to) => new ClosureDifference(from, to).Result();
}
