namespace OsModa.Core.Observation;

/// <summary>What stays the same until the next boot or switch. All text is the server's own, cut to a sane length.</summary>
public sealed record HostFacts
{
    public string HostName { get; init; } = "";

    /// <summary>PRETTY_NAME of os-release, such as <c>NixOS 24.05 (Uakari)</c>.</summary>
    public string OsName { get; init; } = "";

    /// <summary>ID of os-release: <c>nixos</c> on NixOS.</summary>
    public string OsId { get; init; } = "";

    /// <summary>It says that it is another system: it has units and logs, and no generations.</summary>
    public bool IsOtherThanNixos => OsId is not ("" or "nixos");

    /// <summary>Architecture, such as <c>x86_64</c>.</summary>
    public string Machine { get; init; } = "";

    public string KernelRunning { get; init; } = "";

    public string SystemdVersion { get; init; } = "";

    public string NixVersion { get; init; } = "";

    public int Cores { get; init; }

    /// <summary>Boot id of the kernel: another one means it rebooted.</summary>
    public Guid BootId { get; init; }

    public DateTimeOffset? BootedAt { get; init; }

    /// <summary>We may read everything and act: the script runs as root, by login or by sudo without a password.</summary>
    public bool MayAct { get; init; }
}

/// <summary>Load figures, about once in two seconds.</summary>
/// <param name="Load1">Load average of one minute, in runnable tasks.</param>
/// <param name="MemoryTotalBytes">MemTotal.</param>
/// <param name="MemoryAvailableBytes">MemAvailable.</param>
/// <param name="DiskTotalBytes">Size of the file system that holds /nix/store.</param>
/// <param name="DiskFreeBytes">What is free on it for root.</param>
/// <param name="ClockSkew">The server's clock less ours when its figures came, so less the time of the way too; null when its clock names no possible time.</param>
public sealed record HostLoad(double Load1, long MemoryTotalBytes, long MemoryAvailableBytes, long DiskTotalBytes, long DiskFreeBytes, TimeSpan? ClockSkew);
