using System.Runtime.InteropServices;

namespace OsModa.Demo.Machines;

/// <summary>What a simulated server has, and how busy it usually is.</summary>
/// <param name="BaseLoad">Load average at rest.</param>
/// <param name="BaseMemory">Part of the memory in use at rest, 0 to 1.</param>
/// <param name="BaseDisk">Part of the disk in use besides the store, 0 to 1.</param>
internal sealed record Hardware(int Cores, long MemoryBytes, long DiskBytes, double BaseLoad, double BaseMemory, double BaseDisk)
{
    private const double DayMicroseconds = 86_400e6;

    /// <summary>Figures of a moment; they follow from it, so nobody has to keep them going.</summary>
    /// <param name="exertion">Extra load, as after a switch.</param>
    public LoadFigures At(uint seed, long at, long storeBytes, double exertion)
    {
        var day = Math.Sin((at / DayMicroseconds * 2 * Math.PI) + (seed % 7));
        var load = (BaseLoad * (1 + (0.3 * day) + (0.35 * Noise.At(seed, at / 40e6)) + (0.1 * Noise.At(seed + 1, at / 4e6)))) + exertion;
        var used = BaseMemory + (0.05 * day) + (0.04 * Noise.At(seed + 2, at / 90e6)) + (0.004 * Noise.At(seed + 3, at / 6e6));
        var disk = (long)(DiskBytes * (BaseDisk + (0.01 * Noise.At(seed + 4, at / 3600e6)))) + storeBytes;
        return new LoadFigures(
            Math.Max(0, load),
            MemoryBytes,
            (long)(MemoryBytes * (1 - Math.Clamp(used, 0.02, 0.98))),
            DiskBytes,
            Math.Max(DiskBytes / 50, DiskBytes - disk));
    }
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct LoadFigures(double Load1, long MemoryTotal, long MemoryAvailable, long DiskTotal, long DiskFree);
