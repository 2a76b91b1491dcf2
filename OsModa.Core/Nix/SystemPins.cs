namespace OsModa.Core.Nix;

/// <summary>The three systems of a server, which may be three different ones.</summary>
/// <param name="Current">Active now: <c>/run/current-system</c>.</param>
/// <param name="Booted">What was booted: <c>/run/booted-system</c>.</param>
/// <param name="NextBoot">Default at next boot: <c>/nix/var/nix/profiles/system</c>.</param>
/// <param name="NextBootNumber">Number of the generation that the profile names.</param>
/// <param name="RebootNeeded">Kernel, initrd, kernel modules or the major version of systemd of the booted system are not those of the current one.</param>
public sealed record SystemPins(StorePath? Current, StorePath? Booted, StorePath? NextBoot, int? NextBootNumber, bool RebootNeeded)
{
    /// <summary>What a restart would bring, when <see cref="RebootNeeded"/>; none where the server does not tell.</summary>
    public BootParts Waiting { get; init; }
}
