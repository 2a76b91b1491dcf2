using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>What two systems need, and how that differs.</summary>
internal sealed record BothClosures(Closure From, Closure To, PackageComparison Packages)
{
    public static BothClosures Of(Closure from, Closure to) => new(from, to, PackageComparison.Between(from, to));

    /// <summary>As a comparison of which nothing else is read yet.</summary>
    public SystemDifference Begun => new() { From = From.System, To = To.System, Read = ComparisonPart.Packages, Packages = Packages };
}
