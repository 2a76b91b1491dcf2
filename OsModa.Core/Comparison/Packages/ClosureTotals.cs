using System.Runtime.InteropServices;

namespace OsModa.Core.Comparison.Packages;

/// <summary>Sizes of one of two closures.</summary>
/// <param name="Paths">How many paths it has.</param>
/// <param name="Bytes">Their contents, without sharing between paths.</param>
/// <param name="OnlyPaths">How many of them the other one lacks.</param>
/// <param name="OnlyBytes">The contents of those.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClosureTotals(int Paths, long Bytes, int OnlyPaths, long OnlyBytes)
{
    /// <summary>Sizes come from servers: a sum that no number holds is the largest number, not a negative one.</summary>
    internal static long Sum(long a, long b) => b > long.MaxValue - a ? long.MaxValue : a + b;
}
