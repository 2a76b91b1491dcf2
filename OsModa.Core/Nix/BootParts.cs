namespace OsModa.Core.Nix;

/// <summary>Parts of a system that come with a restart only.</summary>
[Flags]
public enum BootParts
{
    None = 0,
    Kernel = 1,
    /// <summary>The initial ram disk.</summary>
    Initrd = 2,
    KernelModules = 4,
    /// <summary>Another major version of systemd.</summary>
    Systemd = 8,
}

/// <summary>Parts that wait for a restart, as scripts and people name them.</summary>
public static class BootPartWords
{
    /// <summary>Reads what boot-parts.sh tells, separated by spaces; other words are skipped.</summary>
    public static BootParts Parse(string words)
    {
        var parts = BootParts.None;
        foreach (var word in words.Split(' '))
        {
            parts |= word switch
            {
                "kernel" => BootParts.Kernel,
                "initrd" => BootParts.Initrd,
                "kernel-modules" => BootParts.KernelModules,
                "systemd" => BootParts.Systemd,
                _ => BootParts.None,
            };
        }

        return parts;
    }

    /// <summary>Such as <c>kernel and systemd</c>. Another kernel has other modules and another boot image, so that those are not named beside it; where nothing is known it is the kernel.</summary>
    public static string Names(BootParts parts) => parts switch
    {
        BootParts.Systemd => "systemd",
        BootParts.Initrd => "boot image",
        BootParts.Initrd | BootParts.Systemd => "boot image and systemd",
        _ when (parts & BootParts.Systemd) != BootParts.None => "kernel and systemd",
        _ => "kernel",
    };

    /// <summary>Whether <see cref="Names"/> names two.</summary>
    public static bool AreTwo(BootParts parts) => (parts & BootParts.Systemd) != BootParts.None && parts != BootParts.Systemd;

    /// <summary>Such as <c>kernel comes with the next restart</c>.</summary>
    public static string ComeLater(BootParts parts) => $"{Names(parts)} {(AreTwo(parts) ? "come" : "comes")} with the next restart";
}
