using System.Collections.Immutable;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>What changes at the next boot, between two systems.</summary>
public sealed record BootChange
{
    /// <summary>Kernel versions, where the kernels are not the same one; equal versions mean that it was rebuilt.</summary>
    public (string Old, string New)? Kernel { get; private init; }

    public bool Initrd { get; private init; }

    /// <summary>Modules of the kernel that are not the same ones, which may be so of the same kernel.</summary>
    public bool KernelModules { get; private init; }

    /// <summary>Major versions of systemd, where they differ: the one that was booted goes on until a restart.</summary>
    public (string Old, string New)? Systemd { get; private init; }

    public ImmutableArray<string> ParamsAdded { get; private init; } = [];

    public ImmutableArray<string> ParamsRemoved { get; private init; } = [];

    public ImmutableArray<string> SpecialisationsAdded { get; private init; } = [];

    public ImmutableArray<string> SpecialisationsRemoved { get; private init; } = [];

    /// <summary>systemd's, or the init interface's, version where it differs: the switch is refused, only a boot brings it.</summary>
    public (string Old, string New)? InitInterface { get; private init; }

    /// <summary>What both have with different values and must not change while the server runs.</summary>
    public ImmutableArray<string> Inhibitors { get; private init; } = [];

    /// <summary>Both boot.json could be read; otherwise the rest says nothing.</summary>
    public bool Known { get; private init; }

    /// <summary>Something takes effect with a reboot only.</summary>
    public bool NeedsReboot => Kernel is not null || Initrd || KernelModules || Systemd is not null || !ParamsAdded.IsEmpty || !ParamsRemoved.IsEmpty || OnlyByReboot;

    /// <summary>It cannot be switched to while the server runs.</summary>
    public bool OnlyByReboot => InitInterface is not null || !Inhibitors.IsEmpty;

    public bool None => !NeedsReboot && SpecialisationsAdded.IsEmpty && SpecialisationsRemoved.IsEmpty;

    public static BootChange Find(SystemFiles from, SystemFiles to)
    {
        var (oldInit, newInit) = (from.TextOf("init-interface-version")?.Trim() ?? "", to.TextOf("init-interface-version")?.Trim() ?? "");
        var change = new BootChange
        {
            InitInterface = oldInit != newInit && oldInit.Length > 0 && newInit.Length > 0 ? (oldInit, newInit) : null,
            KernelModules = from.Entries.GetValueOrDefault("kernel-modules") != to.Entries.GetValueOrDefault("kernel-modules"),
            Systemd = (SystemdOf(from), SystemdOf(to)) is ({ } oldMajor, { } newMajor) && oldMajor != newMajor ? (oldMajor, newMajor) : null,
            Inhibitors = InhibitorMap.Differing(from.TextOf("switch-inhibitors"), to.TextOf("switch-inhibitors")),
        };
        return BootSpec.Parse(from.TextOf("boot.json")) is not { } old || BootSpec.Parse(to.TextOf("boot.json")) is not { } @new ? change : change with
        {
            Known = true,
            Kernel = old.Kernel == @new.Kernel ? null : (VersionOf(old.Kernel), VersionOf(@new.Kernel)),
            Initrd = old.Initrd != @new.Initrd,
            ParamsAdded = [.. @new.KernelParams.Except(old.KernelParams, StringComparer.Ordinal)],
            ParamsRemoved = [.. old.KernelParams.Except(@new.KernelParams, StringComparer.Ordinal)],
            SpecialisationsAdded = [.. @new.Specialisations.Except(old.Specialisations)],
            SpecialisationsRemoved = [.. old.Specialisations.Except(@new.Specialisations)],
        };
    }

    // 255 of /nix/store/…-systemd-255.6; null where the name tells no version.
    private static string? SystemdOf(SystemFiles side)
    {
        const string mark = "-systemd-";
        var target = side.Entries.GetValueOrDefault("systemd")?.Target ?? "";
        return target.LastIndexOf(mark, StringComparison.Ordinal) is >= 0 and var at && string.Concat(target[(at + mark.Length)..].TakeWhile(char.IsAsciiDigit)) is { Length: > 0 } major ? major : null;
    }

    // /nix/store/…-linux-6.6.94/bzImage
    private static string VersionOf(string kernel) =>
        kernel.Split('/') is [_, _, _, var item, ..] && StorePath.TryParseBaseName(item, out var path)
            ? path.Name.IndexOf('-', StringComparison.Ordinal) is >= 0 and var dash ? path.Name[(dash + 1)..] : path.Name
            : kernel;
}
