namespace OsModa.Demo.Machines;

/// <summary>Smooth chance: the same seed and place always give the same value, and neighbouring places similar ones. Needs no state.</summary>
internal static class Noise
{
    /// <returns>-1 to 1.</returns>
    public static double At(uint seed, double place)
    {
        var left = Math.Floor(place);
        var part = place - left;
        var smooth = part * part * (3 - (2 * part));
        return (Point(seed, (long)left) * (1 - smooth)) + (Point(seed, (long)left + 1) * smooth);
    }

    /// <summary>An even number out of a seed and a count.</summary>
    public static uint Hash(uint seed, long count)
    {
        // The mixing steps of splitmix64.
        var x = unchecked(((ulong)seed << 32) + (ulong)count + 0x9E3779B97F4A7C15UL);
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EBUL);
        return (uint)((x ^ (x >> 31)) >> 16);
    }

    private static double Point(uint seed, long count) => (Hash(seed, count) / (double)uint.MaxValue * 2) - 1;
}
